# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import timedelta

from PIL import Image

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.base.tests.common import BaseCommon

from .producer_common import ProducerData

CATALOGUE = "coop_orders.mail_activity_type_catalogue"


@tagged("post_install", "-at_install")
class TestProducerCatalogue(ProducerData, BaseCommon):
    """What a producer says counts from the next opening on, never before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)
        cls.seller = cls.sellers[0]
        cls.product = cls.products[2]

    def _offer(self, window):
        return window.with_context(active_test=False).offer_ids.filtered(
            lambda offer: offer.product_id == self.product
        )

    def _update(self, **values):
        self.sellers._coop_update_catalogue({self.seller: values}, author=self.farm)

    def test_open_window_keeps_its_price_and_preparation_follows(self):
        opened = self._create_window(self.env, name="Open")
        opened.action_open()
        draft = self._create_window(self.env, name="Draft")
        agreed = self._create_window(self.env, name="Agreed")
        self._offer(agreed).purchase_price = 2.2
        self._update(price=3.75)
        self.assertEqual(self._offer(opened).purchase_price, 3.0)
        self.assertEqual(self._offer(draft).purchase_price, 3.75)
        self.assertEqual(self._offer(agreed).purchase_price, 2.2)
        self.assertEqual(self.line.price_unit, 3.0)
        later = self._create_window(self.env, name="Later")
        self.assertEqual(self._offer(later).purchase_price, 3.75)

    def test_recurring_window_takes_the_new_price(self):
        template = self.env["coop.order.window.template"].create(
            {"name": "Weekly", "collection_point_ids": self.point.ids}
        )
        self.window.template_id = template
        self._update(price=3.75)
        self.seller.price_changed_at += timedelta(seconds=1)
        window = template._create_next_window()
        self.assertEqual(self._offer(window).purchase_price, 3.75)

    def test_buyer_is_told(self):
        self._update(price=3.75, delay=4)
        task = self.farm.activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref(CATALOGUE)
        )
        self.assertEqual(task.user_id, self.buyer)
        self.assertIn("Product 2", task.note)
        self.assertEqual(self.farm.message_ids[0].author_id, self.farm)

    def test_not_available_is_left_out_at_the_opening_and_comes_back(self):
        template = self.env["coop.order.window.template"].create({"name": "Weekly"})
        window = self._create_window(self.env, template_id=template.id)
        start = window.closes_at + timedelta(days=2)
        point = self.env["coop.collection.point"].create({"name": "Mairie"})
        window.distribution_ids = [
            Command.create(
                {
                    "collection_point_id": point.id,
                    "date_start": start,
                    "date_end": start + timedelta(hours=2),
                }
            )
        ]
        self._update(is_available=False)
        self.assertTrue(self._offer(window).active)
        window.with_user(self.coordinator).action_open()
        self.assertFalse(self._offer(window).active)
        self.assertNotIn(self.product, window.offer_ids.product_id)
        self.assertIn("Product 2", window.message_ids[0].body)
        self._update(is_available=True)
        following = template._create_next_window()
        self.assertIn(self.product, following.offer_ids.product_id)
        following.action_open()
        self.assertIn(self.product, following.offer_ids.product_id)

    def test_left_out_can_be_added_all_the_same(self):
        window = self._create_window(self.env)
        self._update(is_available=False)
        window.action_open()
        window.offer_ids = [(0, 0, {"product_id": self.product.id})]
        self.assertIn(self.product, window.offer_ids.product_id)

    def test_quantity_limits_one_window(self):
        self._update(quantity_available=7.0)
        window = self._create_window(self.env)
        window.action_open()
        offer = self._offer(window)
        self.assertEqual(offer.quantity_max, 7.0)
        self.assertEqual(offer.copy_data()[0]["quantity_max"], 0.0)

    def test_staff_limit_that_is_lower_stays(self):
        self._update(quantity_available=7.0)
        window = self._create_window(self.env, offers={2: {"quantity_max": 5.0}})
        window.action_open()
        self.assertEqual(self._offer(window).quantity_max, 5.0)

    def test_rpc(self):
        for user in (self.producer_user, self.member_user):
            with self.assertRaises(AccessError):
                self.seller.with_user(user).write({"price": 9})
            with self.assertRaises(AccessError):
                self.product.with_user(user).write({"name": "Mine"})


@tagged("post_install", "-at_install")
class TestProducerCataloguePortal(ProducerData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)
        cls.seller, cls.second = cls.sellers
        cls.url = "/my/producer/catalogue"

    def setUp(self):
        super().setUp()
        self.authenticate("coop_producer", "coop_producer")

    def _row(self, seller, **values):
        """What the page sends for a product, with these texts typed."""
        was = {
            "price": f"{seller.price:.2f}",
            "quantity_available": "",
            "delay": str(seller.delay),
        }
        row = {f"was_{key}_{seller.id}": text for key, text in was.items()}
        row[f"was_is_available_{seller.id}"] = "1"
        for key, text in {**was, "is_available": "1", **values}.items():
            if text is not None:
                row[f"{key}_{seller.id}"] = text
        return row

    def _save(self, *rows, files=None, **extra):
        data = {"csrf_token": http.Request.csrf_token(self), **extra}
        for row in rows:
            data.update(row)
        page = self.url_open(self.url, data=data, files=files).text
        self.env.invalidate_all()
        return page

    def _image(self, image_format, **options):
        buffer = io.BytesIO()
        image = Image.new("RGB", (600, 400), "green")
        image.save(buffer, image_format, **options)
        return buffer.getvalue()

    def test_page_shows_only_their_own(self):
        page = self.url_open(self.url).text
        self.assertEqual(page.count("o_coop_product"), 2)
        self.assertIn("Product 2", page)
        self.assertNotIn("Product 0", page)

    def test_save(self):
        page = self._save(
            self._row(self.seller, price="3,75", quantity_available="12", delay="2"),
            self._row(self.second, is_available=None),
        )
        self.assertIn("Saved", page)
        self.assertEqual(self.seller.price, 3.75)
        self.assertEqual(self.seller.quantity_available, 12.0)
        self.assertEqual(self.seller.delay, 2)
        self.assertTrue(self.seller.is_available)
        self.assertFalse(self.second.is_available)

    def test_wrong_values_are_said_by_row_and_nothing_is_saved(self):
        cases = [
            ("price", "free", "Write the price"),
            ("price", "-3", "Write the price"),
            ("price", "0", "Write the price"),
            ("quantity_available", "many", "Write how much"),
            ("delay", "1,5", "whole days"),
            ("delay", "9999", "whole days"),
        ]
        for key, text, sentence in cases:
            page = self._save(
                self._row(self.seller, **{key: text}),
                self._row(self.second, price="8.50"),
            )
            self.assertIn(sentence, page, text)
            self.assertIn(f'value="{text}"', page)
            self.assertIn('value="8.50"', page)
            self.assertEqual(self.second.price, 6.0)

    def test_an_unlikely_price_is_asked_about_once(self):
        """A zero too many: asked in words, and taken where it was meant."""
        before = self.seller.price
        text = f"{before * 10:.2f}"
        page = self._save(self._row(self.seller, price=text))
        self.assertIn("really?", page)
        self.assertEqual(self.seller.price, before)
        # Another price than the one that was asked about is asked about, too.
        asked = {f"asked_price_{self.seller.id}": text}
        other = f"{before * 100:.2f}"
        page = self._save({**self._row(self.seller, price=other), **asked})
        self.assertIn("really?", page)
        self.assertIn(f'name="asked_price_{self.seller.id}"', page)
        self.assertEqual(self.seller.price, before)
        page = self._save({**self._row(self.seller, price=text), **asked})
        self.assertIn("Saved", page)
        self.assertEqual(self.seller.price, before * 10)

    def test_product_of_another_producer_is_refused(self):
        price = self.other_seller.price
        page = self._save(
            self._row(self.seller, price="3.75"),
            self._row(self.other_seller, price="0.01"),
        )
        self.assertIn("nothing was saved", page)
        self.assertEqual(self.other_seller.price, price)
        self.assertEqual(self.seller.price, 3.0)
        photo = self.url_open(f"{self.url}/{self.other_seller.id}/photo")
        self.assertEqual(photo.status_code, 404)

    def test_only_listed_fields_are_written(self):
        partner, name = self.seller.partner_id, self.products[2].name
        self._save(
            self._row(self.seller, partner_id="1", name="Mine", discount="90"),
            self._row(self.second),
            list_price="0.01",
        )
        self.assertEqual(self.seller.partner_id, partner)
        self.assertEqual(self.products[2].name, name)
        self.assertEqual(self.seller.discount, 0.0)

    def test_what_the_buyer_changed_meanwhile_stays(self):
        row = self._row(self.seller, delay="5")
        self.seller.price = 2.8
        self._save(row, self._row(self.second))
        self.assertEqual(self.seller.price, 2.8)
        self.assertEqual(self.seller.delay, 5)

    def test_photo_is_drawn_again(self):
        exif = Image.Exif()
        exif[0x010F] = "Camera of the farm"
        for image_format, options in (
            ("JPEG", {"exif": exif}),
            ("PNG", {}),
        ):
            page = self._save(
                self._row(self.seller),
                files={
                    f"photo_{self.seller.id}": (
                        "photo",
                        self._image(image_format, **options),
                    )
                },
            )
            self.assertIn("Saved", page, image_format)
            stored = base64.b64decode(self.products[2].image_1920)
            self.assertEqual(Image.open(io.BytesIO(stored)).format, "JPEG")
            self.assertNotIn(b"Camera of the farm", stored)

    def test_what_is_not_a_photo_is_refused(self):
        files = {
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "html.jpg": b"<html>hello</html>",
            "cut.jpg": self._image("JPEG")[:300],
            "gif.jpg": self._image("GIF"),
            "webp.jpg": b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"0" * 50,
            "heavy.jpg": b"\xff\xd8" + b"0" * (8 * 1024 * 1024),
        }
        for name, content in files.items():
            page = self._save(
                self._row(self.seller, price="9.99"),
                files={f"photo_{self.seller.id}": (name, content, "image/jpeg")},
            )
            self.assertIn("Nothing was saved", page, name)
            self.assertFalse(self.products[2].image_1920, name)
            self.assertEqual(self.seller.price, 3.0)

    def test_shared_photo_is_not_theirs(self):
        self.products[2].seller_ids = [
            (0, 0, {"partner_id": self.other_farm.id, "price": 1})
        ]
        self.assertIn("Shared with other", self.url_open(self.url).text)
        page = self._save(
            self._row(self.seller),
            files={f"photo_{self.seller.id}": ("a.png", self._image("PNG"))},
        )
        self.assertIn("Other producers share this photo", page)
        self.assertFalse(self.products[2].image_1920)

    def test_strangers_have_no_catalogue(self):
        for login in ("coop_member_a", "coop_buyer"):
            self.authenticate(login, login)
            response = self.url_open(self.url, allow_redirects=False)
            self.assertEqual(response.status_code, 303, login)
            self._save(self._row(self.seller, price="0.01"))
            self.assertEqual(self.seller.price, 3.0)

    def test_a_helper_keeps_the_catalogue(self):
        self.authenticate("coop_helper", "coop_helper")
        self._save(self._row(self.seller, price="3.10"), self._row(self.second))
        self.assertEqual(self.seller.price, 3.1)
        self.assertEqual(self.farm.message_ids[0].author_id.name, "Helper")
