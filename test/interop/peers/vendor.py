"""A vendor that echoes audio: python3-websockets as the server. vendor.py PORT CERTIFICATE KEY"""

import asyncio
import json
import ssl
import sys

import websockets


async def serve_call(socket):
    kinds = []
    async for text in socket:
        message = json.loads(text)
        kinds.append(message["event"])
        if message["event"] != "media":
            continue
        reply = json.dumps(
            {"event": "media", "streamSid": message["streamSid"], "media": {"payload": message["media"]["payload"]}},
            separators=(",", ":"),
        )
        if len(kinds) % 3 == 0:
            # A list is sent in as many fragments. The answer to the ping is not waited for: it stands behind the messages.
            await socket.send([reply[:20], reply[20:60], reply[60:]])
            await socket.ping()
        else:
            await socket.send(reply)
    print(json.dumps({"kinds": kinds, "code": socket.close_code, "extensions": len(socket.extensions)}), flush=True)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    async with websockets.serve(serve_call, "127.0.0.1", int(sys.argv[1]), ssl=context):
        print("listening", flush=True)
        await asyncio.Future()


asyncio.run(main())
