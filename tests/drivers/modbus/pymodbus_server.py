"""A Modbus server that this project did not write: pymodbus, word = address. Arguments: PORT tcp|rtu [ADDRESS]"""
import asyncio
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer


def window(first, last):
    return {address: address for address in range(first, last + 1)}


def unit(*windows):
    words = {}
    for first, last in windows:
        words.update(window(first, last))
    return ModbusSlaveContext(hr=ModbusSparseDataBlock(words), zero_mode=True)


units = {1: unit((0, 326)), 100: unit((800, 826), (830, 835), (840, 846)), 225: unit((258, 331))}
framer = ModbusRtuFramer if sys.argv[2] == "rtu" else ModbusSocketFramer
host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
context = ModbusServerContext(slaves=units, single=False)
asyncio.run(StartAsyncTcpServer(context=context, address=(host, int(sys.argv[1])), framer=framer))
