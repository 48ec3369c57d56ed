# The image of isvclog: no root, and nothing is written, so the file system can be mounted read-only. It has a shell for
# jobs such as that of examples/fleet. It contains the wheel that is published, which is built before:
#   pip wheel --no-deps --wheel-dir dist . && docker build -t registry.example.com/isvclog:1 .
FROM python:3.13-slim AS build
COPY dist/*.whl /wheel/
RUN python -m venv --without-pip /opt/isvclog \
    && python -m pip --python /opt/isvclog install --no-cache-dir /wheel/*.whl

FROM python:3.13-slim
COPY --from=build /opt/isvclog /opt/isvclog
ENV PATH=/opt/isvclog/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
ENTRYPOINT ["isvclog"]
