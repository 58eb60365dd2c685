# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
import io

from PIL import Image

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import float_compare
from odoo.tools.image import image_process

from odoo.addons.coop_tools.tools.number_text import parse_number

from .producer import FLASH, ProducerPortal

MAX_PHOTO = 8 * 1024 * 1024
# Those that Odoo opens; it leaves the others, WebP too, to whoever reads the page.
PHOTO_FORMATS = ("JPEG", "PNG")
MAX_PRICE = 100000.0
# A price so many times the one of before, or a part of it, is asked about once.
MOST_TIMES = 3
MAX_DELAY = 365


class ProducerCataloguePortal(ProducerPortal):
    """The producer's own products, as a list to edit."""

    @http.route(
        "/my/producer/catalogue",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def coop_producer_catalogue(self, **kw):
        producer = self._get_producer_company()
        if not producer:
            return request.redirect("/my")
        return self._render_producer_catalogue(
            producer, **(request.session.pop(FLASH, None) or {})
        )

    def _render_producer_catalogue(self, producer, typed=None, errors=None, **values):
        page = self._prepare_portal_layout_values()
        page.update(
            page_name="producer_catalogue",
            rows=[
                self._prepare_producer_row(seller, typed or {}, errors or {})
                for seller in self._get_producer_catalogue(producer)
            ],
            error=values.get("error"),
            notice=values.get("notice"),
        )
        return request.render("coop_orders_producer.producer_catalogue", page)

    def _prepare_producer_row(self, seller, typed, errors):
        """One product: what is stored, and what was typed where it was refused."""
        stored = self._get_producer_row_texts(seller)
        return {
            "seller": seller,
            "name": (seller.product_id or seller.product_tmpl_id)
            .with_context(display_default_code=False)
            .display_name,
            "stored": stored,
            "value": {
                key: typed.get(f"{key}_{seller.id}", text)
                for key, text in stored.items()
            },
            "is_available": (
                f"is_available_{seller.id}" in typed
                if f"was_price_{seller.id}" in typed
                else seller.is_available
            ),
            "error": errors.get(seller.id),
            "asked_price": self._get_asked_price(seller, typed),
            "has_own_photo": seller._coop_has_own_photo(),
        }

    def _get_asked_price(self, seller, typed):
        """The price typed, where it is one to ask about: saved again, it is meant."""
        text = typed.get(f"price_{seller.id}", "")
        price = parse_number(text)
        return text if price and self._is_unlikely_price(seller, price) else ""

    def _is_unlikely_price(self, seller, price):
        """A point forgotten or a zero too many: many times the price of before."""
        before = seller.price
        return before > 0 and not before / MOST_TIMES < price < before * MOST_TIMES

    def _get_producer_row_texts(self, seller):
        offer = request.env["coop.order.offer"]
        return {
            "price": self._format_producer_price(seller.price),
            "quantity_available": offer._format_number(seller.quantity_available)
            if seller.quantity_available
            else "",
            "delay": str(seller.delay),
        }

    def _format_producer_price(self, price):
        digits = request.env["decimal.precision"].precision_get("Product Price")
        text = f"{price:.{digits}f}"
        whole, _point, cents = text.partition(".")
        cents = cents.rstrip("0").ljust(2, "0")
        decimal_point = (
            request.env["res.lang"]._get_data(code=request.env.lang).decimal_point
        )
        return f"{whole}{decimal_point or '.'}{cents}"

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    @http.route(
        "/my/producer/catalogue",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_producer_catalogue_save(self, **post):
        partner, producer = self._get_producer(), self._get_producer_company()
        if not producer:
            return request.redirect("/my")
        catalogue = self._get_producer_catalogue(producer)
        if not self._are_producer_keys_known(catalogue, post):
            # Somebody else's product, or one that was taken away meanwhile.
            return self._render_producer_catalogue(
                producer,
                error=request.env._(
                    "Your catalogue has changed: nothing was saved, look at it again."
                ),
            )
        changes, photos, errors = {}, {}, {}
        for seller in catalogue:
            try:
                changes[seller] = self._parse_producer_row(seller, post)
                photo = self._parse_producer_photo(
                    seller, request.httprequest.files.get(f"photo_{seller.id}")
                )
                if photo:
                    photos[seller] = photo
            except UserError as error:
                errors[seller.id] = error.args[0]
        if errors:
            return self._render_producer_catalogue(
                producer,
                typed=post,
                errors=errors,
                error=request.env._("Nothing was saved: correct what is in red."),
            )
        catalogue._coop_update_catalogue(changes, photos, partner)
        changed = any(changes.values()) or photos
        request.session[FLASH] = {
            "notice": request.env._("Saved. The cooperative was told.")
            if changed
            else request.env._("Nothing had changed.")
        }
        return request.redirect("/my/producer/catalogue")

    def _are_producer_keys_known(self, catalogue, post):
        """Whether all that is sent is about the producer's own products."""
        known = {str(seller_id) for seller_id in catalogue.ids}
        keys = [*post, *request.httprequest.files]
        return all(
            key.rpartition("_")[2] in known
            for key in keys
            if key.rpartition("_")[2].isdigit()
        )

    def _parse_producer_row(self, seller, post):
        """``{field: value}`` that the producer changed on the page.

        Each text is compared with the one the page was made from (``was_…``): what the
        buyer changed meanwhile and the producer did not touch is left alone.
        """
        values, key = {}, seller.id
        if f"was_price_{key}" not in post:
            return values  # not on the page that was sent
        env = request.env

        def touched(name):
            text = post.get(f"{name}_{key}")
            return text is not None and text != post.get(f"was_{name}_{key}")

        if touched("price"):
            price = parse_number(post[f"price_{key}"])
            if not price or price > MAX_PRICE:
                raise UserError(
                    env._("Write the price without VAT, for instance 2,50.")
                )
            digits = env["decimal.precision"].precision_get("Product Price")
            if float_compare(price, seller.price, digits) != 0:
                is_meant = post.get(f"asked_price_{key}") == post[f"price_{key}"]
                if self._is_unlikely_price(seller, price) and not is_meant:
                    raise UserError(
                        env._(
                            "%(price)s instead of %(before)s, really? If so, save"
                            " once more.",
                            price=seller.currency_id.format(price),
                            before=seller.currency_id.format(seller.price),
                        )
                    )
                values["price"] = price
        if touched("quantity_available"):
            text = post[f"quantity_available_{key}"].strip()
            quantity = parse_number(text) if text else 0.0
            if quantity is None:
                raise UserError(
                    env._("Write how much you have, for instance 40, or nothing.")
                )
            quantity = seller.product_uom_id.round(quantity)
            if float_compare(quantity, seller.quantity_available, 6) != 0:
                values["quantity_available"] = quantity
        if touched("delay"):
            delay = parse_number(post[f"delay_{key}"])
            if delay is None or delay != int(delay) or delay > MAX_DELAY:
                raise UserError(
                    env._("Write the lead time in whole days, from 0 to 365.")
                )
            if int(delay) != seller.delay:
                values["delay"] = int(delay)
        was_available = post.get(f"was_is_available_{key}") == "1"
        is_available = bool(post.get(f"is_available_{key}"))
        if is_available != was_available and is_available != seller.is_available:
            values["is_available"] = is_available
        return values

    def _parse_producer_photo(self, seller, file):
        """The photo as base64, checked by its content and without its metadata."""
        if not file or not file.filename:
            return None
        env = request.env
        if not seller._coop_has_own_photo():
            raise UserError(
                env._("Other producers share this photo: ask the cooperative.")
            )
        content = file.read(MAX_PHOTO + 1)
        if len(content) > MAX_PHOTO:
            raise UserError(env._("This photo is too heavy: 8 MB at most."))
        refusal = env._("This is not a photo: send a JPEG or PNG file.")
        try:
            # The name and the announced type are the sender's: only the content counts.
            Image.open(io.BytesIO(content), formats=PHOTO_FORMATS).close()
            # Drawn again: no position nor camera of who took it.
            content = image_process(
                content,
                size=(1920, 1920),
                verify_resolution=True,
                quality=90,
                output_format="JPEG",
            )
        except UserError:
            raise
        except (
            OSError,
            ValueError,
            SyntaxError,
            binascii.Error,
            Image.DecompressionBombError,
        ) as error:
            raise UserError(refusal) from error
        return base64.b64encode(content)

    @http.route(
        "/my/producer/catalogue/<int:seller_id>/photo",
        type="http",
        auth="user",
        readonly=True,
        methods=["GET"],
    )
    def coop_producer_photo(self, seller_id, **kw):
        """The photo of an own product: portal users read no products."""
        producer = self._get_producer_company()
        # sudo: compared with the producer's own catalogue.
        sellers = request.env["product.supplierinfo"].sudo()
        seller = sellers.search(
            sellers._coop_get_catalogue_domain(producer) & Domain("id", "=", seller_id)
        )
        if not producer or not seller:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(
            (seller.product_id or seller.product_tmpl_id), "image_256"
        )
        return stream.get_response(max_age=0)
