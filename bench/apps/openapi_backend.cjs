// openapi-backend on Fastify: requests checked by ajv, answers mocked from examples or schemas.
// Called as `openapi_backend.cjs DOCUMENT PORT`; NODE_PATH tells where its packages are.
const { readFileSync } = require("node:fs");
const { OpenAPIBackend } = require("openapi-backend");
const fastify = require("fastify")();

const [, , file, port] = process.argv;
const api = new OpenAPIBackend({ definition: JSON.parse(readFileSync(file, "utf8")), quick: true });

const refusal = (status, title) => (context, request, reply) =>
  reply.code(status).type("application/problem+json").send({ title, status, detail: JSON.stringify(context.validation?.errors ?? "") });

api.register({
  notImplemented: (context, request, reply) => {
    const { status, mock } = api.mockResponseForOperation(context.operation.operationId);
    return reply.code(status).send(mock);
  },
  validationFail: refusal(400, "Bad Request"),
  notFound: refusal(404, "Not Found"),
  methodNotAllowed: refusal(405, "Method Not Allowed"),
  unauthorizedHandler: refusal(401, "Unauthorized"),
});
api.registerSecurityHandler("bearer", (context) => /^Bearer .+/.test(context.request.headers.authorization ?? ""));

fastify.route({
  method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  url: "/*",
  handler: (request, reply) =>
    api.handleRequest(
      { method: request.method, path: request.url.split("?")[0], query: request.query, body: request.body, headers: request.headers },
      request,
      reply,
    ),
});

api.init().then(() => fastify.listen({ port: Number(port), host: "127.0.0.1" }));
