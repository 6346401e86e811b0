"""A TCP gate: passes bytes between a client and a server, and can delay, cut and refuse."""
import socket
import threading
import time


class Gate:
    def __init__(self, host, port):
        self.target = (host, port)
        self.delay, self.refusing, self.cut_after = 0.0, False, None
        self.passed = 0
        self.pairs, self.lost, self.lock = [], [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(self.target, timeout=10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self.lock:
                self.pairs.append((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source, sink):
        try:
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                if self.cut_after is not None and self.passed + len(data) >= self.cut_after:
                    data = data[: max(0, self.cut_after - self.passed)]
                    self.cut_after = None
                    sink.sendall(data)
                    break
                self.passed += len(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            if end in self.lost:
                continue
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def lose(self):
        """The clients lose every connection, and the server hears nothing of it: a cable is cut, a firewall forgets."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
            self.lost += [server for _, server in pairs]
        for client, _ in pairs:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            client.close()

    def cut(self):
        """Ends every connection at once."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()

    def refuse(self, refusing=True):
        self.refusing = refusing
        if refusing:
            self.cut()

    def close(self):
        self.listener.close()
        self.cut()
        for server in self.lost:
            server.close()
