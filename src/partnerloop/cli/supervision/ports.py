"""Whether a port is free, and which one is.

The web server shares its port among its workers (SO_REUSEPORT), so a second installation on the
same port would start without complaint and get every other request: we look first.
"""

import socket


class PortInUse(Exception):
    """Something else listens on `port`; `free` is a pair of ports that would do."""

    def __init__(self, port: int, free: int) -> None:
        super().__init__(port, free)
        self.port = port
        self.free = free


def require_free(address: str, *ports: int) -> None:
    """This will raise `PortInUse` for the first of `ports` that is taken."""
    for port in ports:
        if not _is_free(address, port):
            raise PortInUse(port, _free_pair(address, after=max(ports)))


def _free_pair(address: str, *, after: int) -> int:
    for port in range(after + 1, min(after + 500, 65534)):
        if _is_free(address, port) and _is_free(address, port + 1):
            return port
    return 0


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
