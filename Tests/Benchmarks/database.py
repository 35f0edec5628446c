"""A PostgreSQL database of a script's own, in the cluster of Tests/Postgres/run."""
import os, subprocess


class Database:
    """A database, and a role that owns it and nothing else: a server needs no more."""

    def __init__(self, name):
        self.name, self.cluster = name, os.environ["CLAUDEMESH_TEST_CLUSTER"]
        self.admin_url = os.environ["CLAUDEMESH_TEST_DATABASE_URL"]
        self.sql(f"CREATE ROLE {name} LOGIN", f"CREATE DATABASE {name} OWNER {name}")
        self.url = self.admin_url.replace("mesh@/postgres", f"{name}@/{name}")

    def sql(self, *statements, inside=False):
        """What the last one says; `inside` the database itself."""
        url = self.admin_url.replace("/postgres?", f"/{self.name}?") if inside else self.admin_url
        for statement in statements:
            done = subprocess.run(["psql", url, "-AtXqc", statement], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def control(self, word):
        subprocess.run([os.path.join(self.cluster, "control"), word], check=True, stdout=subprocess.DEVNULL)

    def allow_notices(self, are_allowed):
        """Without them servers tell each other nothing."""
        for name in ("PUBLIC", self.name):
            self.sql(f"{'GRANT' if are_allowed else 'REVOKE'} EXECUTE ON FUNCTION pg_notify(text, text) "
                     f"{'TO' if are_allowed else 'FROM'} {name}", inside=True)

    def cut_listening(self):
        """Ends every connection that listens; how many there were."""
        return int(self.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' "
                            f"AND datname = '{self.name}'"))
