# One image for serving. The role is its argument: web, worker, scheduler or migrate.
#   docker run --env-file ayllu.env ayllu web
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /ayllu
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
COPY bot bot
COPY nlp nlp
COPY matching matching
COPY workers workers
COPY deploy deploy
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home ayllu && install -d -o ayllu /data
COPY --from=build /ayllu/.venv /ayllu/.venv
ENV PATH=/ayllu/.venv/bin:$PATH DATA_DIR=/data PYTHONUNBUFFERED=1
USER ayllu
WORKDIR /home/ayllu
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["python", "-m", "deploy.roles"]
CMD ["web"]
