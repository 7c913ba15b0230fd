#!/usr/bin/env python3
"""What testssl.sh and sslscan say of an entry point with default options: not one weak line.

    scanners.py --martinet PATH

testssl.sh runs those of its checks that look at protocols, suites, forward secrecy, server defaults and renegotiation, CRIME, BREACH
and the like; sslscan lists everything that is accepted. A finding of theirs above INFO fails, save for those that `EXPECTED` explains.
Loopback only, bounded in time; ends what it started. Closing line: `N passed, N failed`.
"""
import json, os, subprocess, tempfile
import xml.etree.ElementTree as ElementTree

from harness import program
from harness.proxy import Proxy

# Findings about the certificate of the trial, not about the server: a private authority, two days, no revocation, no DNS.
EXPECTED = ("cert_chain_of_trust", "cert_trust", "cert_expirationStatus", "cert_notAfter", "cert_revocation", "cert_extlifeSpan",
            "cert_certificatePolicies_EV", "cert_crlDistributionPoints", "cert_ocspURL", "OCSP_stapling", "DNS_CAArecord",
            "certificate_transparency", "cert_validityPeriod", "cert_caIssuers",
            # sslscan and testssl know no X25519MLKEM768; whatever else is there is named below.
            "engine_problem", "scanTime")
# CBC suites with SHA-1 are the last of Go's defaults, after all others, for clients that have nothing newer. Traefik has them, too.
FOR_OLD_CLIENTS = ("LUCKY13", "cipherlist_OBSOLETED", "cipherlist_AVERAGE", "BEAST")
# The TLS library takes the first suite of the client that is allowed, and cannot be told otherwise; all of them are forward secret.
CLIENTS_ORDER = ("cipher_order",)


def testssl(port, directory):
    """Findings above INFO."""
    path = os.path.join(directory, "testssl.json")
    command = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1", "--openssl-timeout", "5",
               "--jsonfile", path,
               "--protocols", "--std", "--fs", "--server-defaults", "--server-preference",
               "--heartbleed", "--ccs-injection", "--ticketbleed", "--robot", "--renegotiation", "--crime", "--tls-fallback", "--freak",
               "--logjam", "--drown", "--sweet32", "--poodle", "--rc4", f"a.test:{port}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, check=False)
    with open(path, encoding="utf-8") as file:
        findings = json.load(file)
    if len(findings) < 40:
        return [f"testssl.sh gave up: {done.stdout[-500:]}"]
    return [f"{finding['id']}: {finding['severity']}: {finding['finding']}" for finding in findings
            if finding["severity"] not in ("OK", "INFO", "DEBUG") and not finding["id"].startswith(EXPECTED + FOR_OLD_CLIENTS + CLIENTS_ORDER)]


def sslscan(port, directory):
    """What is accepted although it should not be."""
    path = os.path.join(directory, "sslscan.xml")
    subprocess.run(["sslscan", "--no-colour", f"--xml={path}", "--sni-name=a.test", f"127.0.0.1:{port}"], capture_output=True,
                   timeout=60, stdin=subprocess.DEVNULL, check=True)
    test = ElementTree.parse(path).getroot().find("ssltest")
    problems = [f"{item.get('type')}v{item.get('version')} is accepted" for item in test.findall("protocol")
                if item.get("enabled") == "1" and (item.get("type"), item.get("version")) not in {("tls", "1.2"), ("tls", "1.3")}]
    ciphers = test.findall("cipher")
    problems += [f"{item.get('cipher')} is {item.get('strength')}" for item in ciphers
                 if item.get("strength") not in ("strong", "acceptable")]
    problems += [f"heartbleed in {item.get('sslversion')}" for item in test.findall("heartbleed") if item.get("vulnerable") != "0"]
    for name, bad in (("compression", "1"), ("renegotiation", "1")):
        found = test.find(name)
        if found is not None and found.get("supported") == bad and found.get("secure") != "1":
            problems.append(f"{name} is on")
    return problems if len(ciphers) > 2 else [f"sslscan found {len(ciphers)} suites"]


def main():
    options = program.trial(__doc__)
    proxy, failed = Proxy(options.martinet), 0
    try:
        with tempfile.TemporaryDirectory(prefix="scanners-") as directory:
            for scanner in (sslscan, testssl):
                try:
                    problems = scanner(proxy.ports["websecure"], directory)
                except (OSError, ValueError, subprocess.SubprocessError) as error:
                    problems = [f"{error} (scripts/install-packages.sh test installs both scanners)"]
                failed += bool(problems)
                print(f"{'FAIL' if problems else 'ok  '} {scanner.__name__}")
                for problem in problems:
                    print(f"     {problem}")
    finally:
        proxy.end()
    program.finish(2 - failed, failed)


if __name__ == "__main__":
    main()
