"""The log's head is stamped by a time-stamping authority (RFC 3161), and torg verify looks at the stamp. Prints TAP.

The authority is `openssl ts` behind a small HTTP server, with certificates made for the test.
"""

import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.request

from town import Copy  # first: it makes the harness known
from harness.tap import Tap
from harness.torg import Torg

NAME = "tampering.example"
ANSWER_LIMIT_S = 60
CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = one
[one]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority with a certificate from its own root, `roots`."""

    def __init__(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="torg-tsa-"))
        self.roots = str(self.folder / "ca.pem")
        self.answered = threading.Event()
        (self.folder / "tsa.cnf").write_text(CONFIGURATION)
        (self.folder / "serial").write_text("01\n")
        new_key = ("-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf")
        self.openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Root")
        self.openssl("req", *new_key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Authority")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", "ext")
        self.openssl("x509", "-req", "-in", "tsa.csr", *signing, "-out", "tsa.pem", "-days", "30")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def openssl(self, *command: str, given: bytes = b"") -> bytes:
        return subprocess.run(["openssl", *command], check=True, cwd=self.folder, input=given, capture_output=True).stdout

    def handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the library's name
                asked = self.rfile.read(int(self.headers["content-length"]))
                query = authority.folder / "query"
                query.write_bytes(asked)
                answer = authority.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", str(query))
                self.send_response(200)
                self.send_header("content-type", "application/timestamp-reply")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                authority.answered.set()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler


class Stamped:
    """A server whose head was stamped once; stopped. Looks like a `Town` to a `Copy`."""

    def __init__(self, authority: Authority) -> None:
        self.server = Torg(NAME, [f"timestamp_authority={authority.url}", f"timestamp_roots={authority.roots}"])
        self.folder, self.data = self.server.folder, self.server.data
        self.server.run("demo")
        self.server.start()
        if not authority.answered.wait(ANSWER_LIMIT_S):
            raise RuntimeError("the authority was never asked")
        # What the server does with the answer comes before it has stopped.
        urllib.request.urlopen(f"{self.server.url}/diarium/logg/huvud.json").read()
        self.server.stop()


def faults(copy: Copy, wanted: str, *more: str) -> list[str]:
    status, report = copy.verify(*more)
    said = [finding["text"] for finding in report["findings"]]
    stamped = report.get("directory", {}).get("timestamps", 0) == 1
    right = status == 0 and stamped if not wanted else status == 1 and any(wanted in text for text in said)
    copy.remove()
    return [] if right else [f"ends with {status}, {report.get('directory')}", *said]


def main() -> int:
    tap = Tap()
    authority, stranger = Authority(), Authority()
    town = Stamped(authority)
    trusting = ("--set", f"timestamp_roots={authority.roots}")
    tap.line("a head is stamped, and verifies against the authority's root", faults(Copy(town), "", *trusting))
    tap.line("a stamp by somebody else's authority is found", faults(Copy(town), "not trusted", "--set", f"timestamp_roots={stranger.roots}"))
    tampered = Copy(town)
    tampered.execute("UPDATE log_timestamp SET at = at - 86400000")
    tap.line("a back-dated stamp is found", faults(tampered, "is not what the timestamp says", *trusting))
    tampered = Copy(town)
    tampered.execute("UPDATE log_timestamp SET token = substr(token, 1, 200)")
    tap.line("a broken stamp is found", faults(tampered, "The timestamp can't be read", *trusting))
    tampered = Copy(town)
    tampered.execute("DELETE FROM log_head WHERE size = (SELECT size FROM log_timestamp)")
    tap.line("a stamped head that is gone is found", faults(tampered, "it was stamped, and is missing", *trusting))
    town.server.remove()
    return tap.end()


sys.exit(main())
