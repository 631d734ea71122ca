#!/usr/bin/env python3
"""Replaces systemd-timedated on the system bus of the Debian under test: NTPSynchronized is true if FILE exists.

timedate.py FILE. The real one asks the kernel, which is this machine's and not the test's."""
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.timedate1"


class Timedate(dbus.service.Object):
    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="ss", out_signature="v")
    def Get(self, _interface, _property):
        with open(sys.argv[1] + ".asked", "a") as count:
            count.write("asked\n")
        return dbus.Boolean(os.path.exists(sys.argv[1]))


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()
name = dbus.service.BusName(NAME, bus)
timedate = Timedate(bus, "/org/freedesktop/timedate1")
GLib.MainLoop().run()
