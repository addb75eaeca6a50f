"""`flask inventory certificate`: https for an office that has no public name."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from inventory.clock import day_of, now
from inventory.phones import keeping, rules
from inventory.settings import Settings


def install(group: AppGroup) -> None:
    """Add the command."""
    group.add_command(certificate)


@click.command("certificate")
@click.option("--name", "names", multiple=True, help="A host name that phones type; may be repeated.")
@click.option("--address", "addresses", multiple=True, help="An address that phones type; may be repeated.")
@click.option(
    "--days", default=rules.LONGEST_DAYS, show_default=True, type=click.IntRange(1, rules.LONGEST_DAYS)
)
@click.option("--key", "kind", default="ec", show_default=True, type=click.Choice(["ec", "rsa"]))
@with_appcontext
def certificate(names: tuple[str, ...], addresses: tuple[str, ...], days: int, kind: str) -> None:
    """Make the office's authority (once) and a certificate for this server; run it again to renew."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        served = rules.hosts(names, addresses)
        new, pair = keeping.make(settings.data, served, days, kind, now())
    except (keeping.CertificateError, OSError, ValueError) as error:
        raise click.ClickException(f"no certificate was made: {error}") from None
    place = keeping.folder(settings.data)
    known = keeping.authority(settings.data)
    assert known is not None  # noqa: S101 -- it was just written
    click.echo(f"{'Made' if new else 'Kept'} the office's authority: {place / keeping.PUBLIC}")
    click.echo(f"  SHA-256 {rules.fingerprint(known)}")
    until = day_of(pair.certificate.not_valid_after_utc)
    click.echo(f"Made the server's certificate: {place / keeping.SERVER}, good until {until:%d/%m/%Y}.")
    click.echo(_next_steps(str(place / keeping.SERVER), served, new))


def _next_steps(server: str, served: rules.Hosts, new: bool) -> str:
    origin = f"https://{served.first}"
    steps = f"""
Serve it in one of two ways, and do it again after each renewal.
 1. With Caddy in front, which slow phones cannot hold up:
      sudo install -o caddy -m 600 {server} /etc/caddy/trucquan.pem
      docs/deploy/Caddyfile.lan goes to /etc/caddy/Caddyfile; its sites are {served.first}
      export TRUCQUAN_ORIGIN={origin} TRUCQUAN_PROXIES=1
 2. By itself, for a few phones:
      export TRUCQUAN_ORIGIN={origin}:8443 TRUCQUAN_CERT={server}
      export TRUCQUAN_BIND=0.0.0.0 PORT=8443
      make run"""
    if new:
        steps += f"""

Then open {origin}/phones (2.: {origin}:8443/phones). Its two QR codes bring the certificate
and the address of the field app onto a phone.
Keep a copy of {server.rpartition("/")[0]} in a safe place:
without ca.pem every phone has to be set up again."""
    return steps
