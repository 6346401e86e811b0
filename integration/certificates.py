"""Certificates for one test run, made with the openssl command: an authority, a server, clients."""
import os
import pathlib
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.crt"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", 2, "-subj", "/CN=authority",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.certificate)

    def issue(self, name, file=None):
        """(certificate, key) of `name`; 127.0.0.1 and localhost are among a certificate's other names."""
        file = file or name
        key, request, certificate = (self.folder / f"{file}.{ending}" for ending in ("key", "csr", "crt"))
        extensions = self.folder / f"{file}.ext"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", 2, "-extfile", extensions,
                "-out", certificate)
        os.chmod(key, 0o600)
        return certificate, key

    def settings(self, tls="on", clients=False):
        """Lines of [listen] for a server of this authority."""
        certificate, key = self.issue("localhost", "server")
        lines = [f'tls = "{tls}"', f'tls_cert = "{certificate}"', f'tls_key = "{key}"']
        return lines + ([f'tls_client_ca = "{self.certificate}"'] if clients else [])
