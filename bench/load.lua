-- Plays the requests of a file in rotation and prints what happened as one line of JSON, the last line of the output.
-- wrk ... -s load.lua http://127.0.0.1:PORT -- FILE     FILE: one request a line: METHOD <tab> PATH <tab> BODY
-- Begins anywhere, so that one load does not repeat what the one before it has asked.
local requests, position = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { Authorization = "Bearer bench-token", Accept = "application/json" }
    if body == "" then
      body = nil
    else
      headers["Content-Type"] = "application/json"
    end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
  math.randomseed(os.time())
  position = math.random(#requests)
end

function request()
  position = position % #requests + 1
  return requests[position]
end

-- `summary.errors.status` counts answers of 400 and above; a wrong answer below that is caught before the load starts.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p90_ms": %.3f, "p99_ms": %.3f, '
      .. '"refused": %d, "broken": %d, "timeouts": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
