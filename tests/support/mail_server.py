"""A mail server for tests, on loopback, by aiosmtpd. Says what happens as JSON lines on stdout: first {"port": N}, then for each mail
taken {"from", "to", "data", "tls", "user"}, for each reply that was planned {"planned": REPLY}.
mail_server.py [--port N] [--cert FILE --key FILE [--implicit]] [--login NAME:PASSWORD] [--login-reply REPLY]
               [--answer COMMAND=REPLY ...] [--refuse ADDRESS=REPLY ...]
--answer: once each, in their order, to MAIL, RCPT or DATA (the end of the mail), "drop": the connection is cut; --refuse: to every RCPT with that address."""
import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def say(**what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self, options):
        self.answers = [one.split("=", 1) for one in options.answer]
        self.refused = dict(one.split("=", 1) for one in options.refuse)

    def planned(self, command, server):
        for i, (wanted, reply) in enumerate(self.answers):
            if wanted == command:
                del self.answers[i]
                say(planned=reply)
                if reply == "drop":
                    server.transport.abort()
                return reply
        return None

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.planned("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = self.refused.get(address) or self.planned("RCPT", server)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        reply = self.planned("DATA", server)
        if reply:
            return reply
        user = session.auth_data.login.decode() if session.authenticated else ""
        data = envelope.original_content.decode()
        say(**{"from": envelope.mail_from}, to=envelope.rcpt_tos, data=data, tls=session.ssl is not None, user=user)
        return "250 taken"


def context_of(options):
    if not options.cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    return context


def authenticator_of(options):
    def authenticate(server, session, envelope, mechanism, data):
        name, _, password = options.login.partition(":")
        if options.login_reply:
            return AuthResult(success=False, handled=False, message=options.login_reply)
        good = (data.login.decode(), data.password.decode()) == (name, password)
        return AuthResult(success=good, handled=False, auth_data=data)

    return authenticate


async def serve(options):
    handler = Handler(options)
    context = context_of(options)
    starttls = None if options.implicit else context
    login = {"authenticator": authenticator_of(options), "auth_required": True} if options.login else {}

    def protocol():
        return SMTP(handler, hostname="mail.test", tls_context=starttls, require_starttls=starttls is not None,
                    auth_require_tls=starttls is not None, **login)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", options.port, ssl=context if options.implicit else None)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
for flag in ("--cert", "--key", "--login", "--login-reply"):
    parser.add_argument(flag)
parser.add_argument("--implicit", action="store_true")
parser.add_argument("--answer", action="append", default=[])
parser.add_argument("--refuse", action="append", default=[])
asyncio.run(serve(parser.parse_args()))
