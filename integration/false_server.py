"""A server that lets everybody in as PostgreSQL does, and then says what it was told to say."""
import socket
import struct
import threading

from raw import message, text

PARAMETERS = {"server_version": "15.0", "server_encoding": "UTF8", "client_encoding": "UTF8", "DateStyle": "ISO, MDY", "TimeZone": "UTC", "IntervalStyle": "postgres",
              "integer_datetimes": "on", "standard_conforming_strings": "on", "application_name": "", "is_superuser": "on", "session_authorization": "postgres",
              "default_transaction_read_only": "off", "in_hot_standby": "off"}
WELCOME = message("R", struct.pack("!I", 0)) + b"".join(message("S", text(name) + text(value)) for name, value in PARAMETERS.items()) + \
    message("K", struct.pack("!II", 4711, 42)) + message("Z", b"I")


class FalseServer:
    """`welcome`: in place of the start-up's answer; `answer(data)`: bytes for each Query and each Sync of a client's, None: the connection is closed."""

    def __init__(self, answer, welcome=WELCOME):
        self.answer, self.welcome, self.accepted = answer, welcome, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            client.recv(65536)
            client.sendall(self.welcome)
            self._answer(client)
        except OSError:
            pass
        client.close()

    def _answer(self, client):
        heard = b""
        while data := client.recv(65536):
            heard += data
            while len(heard) >= 5 and len(heard) > (length := struct.unpack("!I", heard[1:5])[0]):
                asked, heard = heard[:length + 1], heard[length + 1:]
                if asked[:1] not in b"QS":
                    continue
                said = self.answer(asked)
                if said is None:
                    return
                client.sendall(said)

    def conninfo(self):
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres sslmode=disable"

    def close(self):
        self.listener.close()
