"""What the calls go through: a proxy, and a server of grpcio behind it."""

import os

import yaml

from harness import certificates
from harness.rpc import Client, Relay, Server
from harness.target import Target, free_port

from .checks import until


class World:
    """A proxy, the server behind it, and where it listens."""

    def __init__(self, name, binary, directory):
        paths = certificates.copy_into(directory)
        self.authority = paths["certificate.ca"]
        self.server = Server(paths["certificate.backend"], paths["key.backend"])
        self.relay = Relay(self.server.clear)
        self.target = Target(name, binary, directory)
        self.target.ports = {"web": free_port(), "secure": free_port(), "traefik": free_port()}
        self.dynamic = os.path.join(directory, "dynamic.yaml")
        self.routing = self._routing(paths)
        self.publish()
        static = self.target.write_static(
            {"entryPoints": {"web": {}, "secure": {}}}, {"filename": self.dynamic})
        self.target.start([f"--configFile={static}"], None, "generation-0")

    def _routing(self, paths):
        def service(url, **options):
            return {"loadBalancer": {"servers": [{"url": url}], **options}}

        rules = {"clear": "PathPrefix(`/clear.`)", "tls": "PathPrefix(`/tls.`)", "down": "PathPrefix(`/down.`)",
                 "retried": "PathPrefix(`/retried.`)", "relayed": "PathPrefix(`/relayed.`)"}
        routers = {}
        for name, rule in rules.items():
            router = {"rule": rule, "service": name, "entryPoints": ["web"]}
            routers[name] = router
            routers[name + "-secure"] = {**router, "entryPoints": ["secure"], "tls": {}}
        for name in ("retried", "retried-secure"):
            routers[name]["middlewares"] = ["again"]
        return {
            "http": {
                "routers": routers,
                "services": {
                    "clear": service(f"h2c://127.0.0.1:{self.server.clear}"),
                    "tls": service(f"https://127.0.0.1:{self.server.secure}", serversTransport="ours"),
                    "down": service(f"h2c://127.0.0.1:{free_port()}"),
                    "relayed": service(f"h2c://127.0.0.1:{self.relay.port}"),
                    "retried": service(f"h2c://127.0.0.1:{self.server.clear}"),
                },
                "serversTransports": {"ours": {"rootCAs": [self.authority]}},
                "middlewares": {"again": {"retry": {"attempts": 3, "initialInterval": "10ms"}}},
            },
            "tls": {"certificates": [{"certFile": paths["certificate.exact"], "keyFile": paths["key.exact"]}]},
        }

    def publish(self, generation=0):
        """Puts the routing in force, under a router whose name tells one generation from another."""
        routing = {**self.routing, "http": {**self.routing["http"]}}
        marker = {"rule": "Path(`/marker`)", "service": "clear"}
        routing["http"]["routers"] = {**routing["http"]["routers"], f"generation-{generation}": marker}
        with open(self.dynamic + ".new", "w", encoding="utf-8") as file:
            yaml.safe_dump(routing, file)
        os.replace(self.dynamic + ".new", self.dynamic)

    def wait_for(self, generation):
        until(lambda: b"generation-%d@" % generation in
              Target.get(self.target.ports["traefik"], "/api/rawdata").body, "the new configuration is in force")

    def client(self, client_tls=False, server="clear"):
        """A client whose calls go to that server."""
        port = self.target.ports["secure" if client_tls else "web"]
        return Client(port, f"{server}.Service", self.authority if client_tls else None)

    def stop(self):
        self.target.stop()
        self.relay.stop()
        self.server.stop()
