"""A Prefect server on a socket that it inherits: the process that flows/runtime/server.py starts.

`python -m flows.runtime.embedded_server DESCRIPTOR [ui]` writes a line once it serves, and is gone as soon
as its standard input ends, which is when the process that started it is gone. With `ui` it is a whole
server, with the scheduler; without, one for a single run.
"""

import os
import socket
import sys
from threading import Thread

UI = "ui"
# what Prefect itself sets for the server of a single run
EPHEMERAL = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
# relative, so that the browser finds it by whatever host and port it came: a tunnel's, a proxy's
WHOLE = {"PREFECT_UI_ENABLED": "1", "PREFECT_SERVER_UI_API_URL": "/api"}


def main() -> None:
    """Serve."""
    Thread(target=_end_with_input, daemon=True).start()
    os.environ |= WHOLE if UI in sys.argv[2:] else EPHEMERAL
    import uvicorn
    from prefect.server.api.server import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print("serving", flush=True)  # noqa: T201 - the other process waits for it

    server = Server(uvicorn.Config(create_app, factory=True, lifespan="on", log_level="error"))
    server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_with_input() -> None:
    """End at once: what is half written its database undoes."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
