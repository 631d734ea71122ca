"""Name server that answers every name with ADDRESS while FILE exists, and hangs while it does not. ADDRESS FILE"""
import os
import socket
import sys

address, switch = sys.argv[1:]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 53))
while True:
    question, asker = server.recvfrom(512)
    if not os.path.exists(switch):
        continue
    name_end = question.index(0, 12) + 1
    wants_v4 = question[name_end:name_end + 2] == b"\0\1"
    header = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if wants_v4 else b"\0\0") + b"\0\0\0\0"
    answer = b"\xc0\x0c\0\1\0\1\0\0\0\x05\0\4" + socket.inet_aton(address) if wants_v4 else b""
    server.sendto(header + question[12:name_end + 4] + answer, asker)
