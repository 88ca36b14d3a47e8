"""A carrier: python3-websockets as the client. caller.py URL CA SIGNATURE, the messages to send on standard input."""

import asyncio
import json
import ssl
import sys

import websockets


async def main():
    context = ssl.create_default_context(cafile=sys.argv[2])
    headers = {"X-Twilio-Signature": sys.argv[3]}
    lines = sys.stdin.read().splitlines()
    async with websockets.connect(sys.argv[1], ssl=context, extra_headers=headers) as socket:
        echoes = []
        for index, line in enumerate(lines):
            # Every third message in fragments.
            await socket.send([line[:10], line[10:]] if index % 3 == 2 else line)
        await (await socket.ping(b"are you there"))
        while len(echoes) < len(lines) - 2:
            echoes.append(json.loads(await asyncio.wait_for(socket.recv(), 10)))
        extensions = len(socket.extensions)
        await socket.close(1000)
    print(json.dumps({"echoes": [one["media"]["payload"] for one in echoes], "code": socket.close_code, "extensions": extensions}))


asyncio.run(main())
