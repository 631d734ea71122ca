"""Runs a foreign Modbus server: pymodbus, word = address. Arguments: PORT tcp|rtu [ADDRESS]"""
import asyncio
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartAsyncTcpServer

try:
    from pymodbus.framer import FramerType
    rtu, tcp = FramerType.RTU, FramerType.SOCKET
    place, options = 1, {}  # a register's address is one less than its place
except ImportError:  # Debian 12: pymodbus 3.0
    from pymodbus.transaction import ModbusRtuFramer as rtu, ModbusSocketFramer as tcp
    place, options = 0, {"zero_mode": True}


def window(begin, end):
    return {place + address: address for address in range(begin, end + 1)}


def unit(*windows):
    words = {}
    for begin, end in windows:
        words.update(window(begin, end))
    return ModbusSlaveContext(hr=ModbusSparseDataBlock(words), **options)


units = {1: unit((0, 326)), 100: unit((800, 826), (830, 835), (840, 846)), 225: unit((258, 331))}
framer = rtu if sys.argv[2] == "rtu" else tcp
host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
context = ModbusServerContext(slaves=units, single=False)
asyncio.run(StartAsyncTcpServer(context=context, address=(host, int(sys.argv[1])), framer=framer))
