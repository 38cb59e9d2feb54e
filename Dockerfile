# The wheel is built in one stage, and only what it needs to run goes into the other.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY openapi openapi
COPY fixtures fixtures
RUN python -m venv /opt/locum && /opt/locum/bin/pip install --no-cache-dir .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="locum" \
      org.opencontainers.image.description="A stand-in for real APIs: an OpenAPI document in, a contract-valid server out." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/locum /opt/locum
ENV PATH=/opt/locum/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Documents are mounted here: docker run -v "$PWD:/work:ro" locum serve --host 0.0.0.0 their-api.yaml
WORKDIR /work
EXPOSE 4010
# Any answer below 500 means that it stands; the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["python", "-c", "import http.client; c = http.client.HTTPConnection('127.0.0.1', 4010, timeout=2); c.request('GET', '/'); raise SystemExit(c.getresponse().status >= 500)"]
ENTRYPOINT ["locum"]
CMD ["serve", "--host", "0.0.0.0"]
