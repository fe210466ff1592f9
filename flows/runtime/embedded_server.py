"""A Prefect server without UI, on a socket that it inherits: the process that flows/runtime/server.py starts.

`python -m flows.runtime.embedded_server DESCRIPTOR` writes a line once it serves, and is gone as soon as
its standard input ends, which is when the process that started it is gone.
"""

import os
import socket
import sys
from threading import Thread

# what Prefect itself sets for the server of a single run
EPHEMERAL = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


def main() -> None:
    """Serve."""
    Thread(target=_end_with_input, daemon=True).start()
    os.environ |= EPHEMERAL
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
