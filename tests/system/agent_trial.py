"""Tests volt-agent as its unit runs it.

agent_trial.py sandbox: runs before the service itself, by ExecStartPre= and so with all restrictions of its unit. Prints a line for each test;
exit code 1 if one ends differently. agent_trial.py served: from outside, over HTTP."""
import errno
import grp
import json
import os
import pwd
import socket
import sqlite3
import sys
import urllib.request

database = "/var/lib/voltd/voltd.db"
failed = 0


def tried(what, attempt, *refusals):
    """Without refusals the action must succeed, else fail with one of them: an error number, or the text of SQLite's error."""
    global failed
    try:
        attempt()
        how = None
    except OSError as error:
        how = error.errno
    except sqlite3.Error as error:
        how = str(error)
    well = how in refusals if refusals else how is None
    failed += not well
    print(f"{'ok' if well else 'FAILED'} sandbox: {what}" + ("" if well else f" ({how})"), flush=True)


def with_sql(mode, sql):
    with sqlite3.connect(f"file:{database}?mode={mode}", uri=True, timeout=10) as db:
        db.execute(sql).fetchall()


def knock(path):
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)


def sandbox():
    if pwd.getpwuid(os.getuid()).pw_name != "volt-agent":
        sys.exit("this is not the user volt-agent")
    if {grp.getgrgid(it).gr_name for it in [os.getgid(), *os.getgroups()]} != {"volt-agent"}:
        sys.exit("this is not the group volt-agent alone")
    tried("voltd's socket does not open", lambda: knock("/run/voltd/api.sock"), errno.EAFNOSUPPORT)
    tried("and is out of sight", lambda: os.stat("/run/voltd/api.sock"), errno.EACCES)
    for family in ("AF_UNIX", "AF_NETLINK", "AF_PACKET"):
        tried(f"no socket of {family}", lambda name=family: socket.socket(getattr(socket, name), socket.SOCK_DGRAM), errno.EAFNOSUPPORT)
    tried("voltd's API opens", lambda: socket.create_connection(("127.0.0.1", 8480), 5).close())
    for what, port in (("the broker's port", 1883), ("its other one", 1884), ("the GX's", 5020)):
        tried(f"{what} does not open", lambda at=port: socket.create_connection(("127.0.0.1", at), 5).close(), errno.ECONNREFUSED)
    tried("voltd.db is read", lambda: with_sql("ro", "SELECT count(*) FROM relay_commands"))
    tried("no SQL writes to it", lambda: with_sql("rw", "CREATE TABLE trial (x)"), "attempt to write a readonly database")
    tried("nor does anything else", lambda: open(database, "r+b").close(), errno.EROFS, errno.EACCES)
    tried("no file beside it", lambda: open(f"{database}.trial", "xb").close(), errno.EROFS)
    tried("its own store is written", lambda: (open("/var/lib/volt-agent/trial", "xb").close(), os.unlink("/var/lib/volt-agent/trial")))
    sys.exit(1 if failed else 0)


def ask(path, token="", body=None):
    request = urllib.request.Request(f"http://127.0.0.1:8481{path}", body and json.dumps(body).encode(),
                                     {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def served():
    health = ask("/health")
    with open("/run/volt-agent/token") as file:
        token = file.read().strip()

    def call(tool, **arguments):
        request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        return ask("/mcp", token, request)["result"]["structuredContent"]

    status, found = call("get_status"), call("search_documents", query="spare dongle")
    print(health, status, found)
    assert health["status"] == "ok"
    assert 52 < status["battery"]["voltage_v"] < 53
    assert found["hits"][0]["uri"] == "volt://doc/site/yard.md"  # read by a process with its own limits, within the unit's


{"sandbox": sandbox, "served": served}[sys.argv[1]]()
