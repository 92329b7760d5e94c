"""Files of unknown people: made safe on receipt, shown only to those who may read."""

import io
import time
import zipfile
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from participation.core import files, services
from participation.core.choices import AttachmentKind, Visibility
from participation.core.models import Attachment
from participation.core.verdict import Refused
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import make_contribution

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    output = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, "red").save(output, kind, **options)
    return output.getvalue()


def located_picture() -> bytes:
    """A picture that says where it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Chez Nadia"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 36.0, 16.0), 3: "E", 4: (1.0, 26.0, 38.0)})
    return picture(exif=exif)


def archive(**members: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/"), content)
    return output.getvalue()


def docx(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def huge_png(side: int = 40_000) -> bytes:
    """A few bytes that say they are 40,000 × 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def add(
    content: bytes, name: str = "photo.jpg", contribution: Any = None, **more: Any
) -> Attachment:
    return services.add_attachment(
        contribution=contribution or make_contribution(),
        upload=SimpleUploadedFile(name, content),
        title=more.pop("title", "Une photo"),
        **more,
    )


def refusal(content: bytes, name: str = "photo.jpg") -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        files.inspect(io.BytesIO(content), len(content))
    return refused.value.verdict.codes


class TestPictures:
    def test_exif_and_place_are_gone_and_the_picture_stands_upright(self):
        source = located_picture()
        assert Image.open(io.BytesIO(source)).getexif().get_ifd(0x8825)
        safe = files.inspect(io.BytesIO(source), len(source))
        kept = Image.open(io.BytesIO(safe.content))
        assert (dict(kept.getexif()), kept.info.get("exif")) == ({}, None)
        assert b"Chez Nadia" not in safe.content
        assert (safe.width, safe.height, safe.suffix) == (48, 64, "jpg")

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_each_kind_is_written_again(self, kind):
        source = picture(kind)
        safe = files.inspect(io.BytesIO(source), len(source))
        assert safe.suffix == "jpg"
        assert Image.open(io.BytesIO(safe.content)).format == "JPEG"

    def test_transparency_stays(self):
        source = picture("PNG", mode="RGBA")
        assert files.inspect(io.BytesIO(source), len(source)).suffix == "png"

    def test_big_pictures_shrink(self):
        source = picture(size=(4000, 1000))
        safe = files.inspect(io.BytesIO(source), len(source))
        assert (safe.width, safe.height) == (2000, 500)

    def test_what_hides_behind_a_picture_is_gone(self):
        """Abuse case 20: a file that is a picture and a page."""
        source = picture() + b"<html><script>alert(1)</script></html>"
        safe = files.inspect(io.BytesIO(source), len(source))
        assert b"<script>" not in safe.content

    def test_forty_thousand_pixels_a_side_are_refused_at_once(self):
        """Abuse case 45: refused on its header, before any pixel is decoded."""
        begun = time.process_time()
        assert refusal(huge_png()) == ("file_too_big",)
        assert refusal(huge_png(20_000)) == ("file_too_big",)
        assert refusal(huge_png(7_000)) == ("file_too_big",)  # below what Pillow itself refuses
        assert time.process_time() - begun < 2

    def test_damaged_pictures(self):
        assert refusal(picture()[:200]) == ("file_unreadable",)
        assert refusal(b"\x89PNG\r\n\x1a\n" + b"\0" * 50) == ("file_unreadable",)


class TestDocuments:
    @pytest.mark.parametrize(
        ("content", "suffix"),
        [
            (PDF, "pdf"),
            (docx(), "docx"),
            (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
        ],
    )
    def test_known_by_their_content(self, content, suffix):
        safe = files.inspect(io.BytesIO(content), len(content))
        assert (safe.suffix, safe.content, safe.width) == (suffix, content, None)

    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<!doctype html><script>alert(1)</script>",
            b"GIF9",
            b"MZ\x90\x00",
            b"",
            b"PK\x03\x04",
            b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF",
            archive(**{"index.html": b"<script>"}),
            archive(mimetype=b"application/zip"),
            docx(**{"word/vbaProject.bin": b"macro"}),
        ],
    )
    def test_anything_else_is_refused(self, content):
        """Abuse case 20: SVG, HTML, programs, macros, under any name."""
        assert refusal(content)[0] in ("file_type", "file_unreadable")

    def test_a_truncated_pdf_is_unreadable(self):
        assert refusal(PDF[:-7]) == ("file_unreadable",)

    def test_a_zip_bomb_is_never_unpacked(self):
        bomb = docx(**{"word/media/a.xml": b"\0" * (files._MAX_UNPACKED + 1)})
        assert len(bomb) < 1_000_000
        begun = time.process_time()
        assert refusal(bomb) == ("file_type",)
        assert time.process_time() - begun < 1

    def test_too_many_bytes(self):
        content = PDF.replace(b"<<>>", b" " * files.MAX_BYTES)
        assert refusal(content) == ("file_too_big",)


@pytest.mark.django_db
class TestKeeping:
    def test_the_stored_name_is_random(self):
        """Abuse case 15: a name is neither a path nor a type."""
        attachment = add(picture(), name="../../<b>evil</b>.php", title="")
        assert attachment.kind == AttachmentKind.IMAGE
        stored = attachment.file.name
        assert stored.startswith("contributions/")
        assert stored.endswith(".jpg")
        assert "evil" not in stored
        assert add(picture(), title="").file.name != stored

    def test_six_files_at_most(self):
        contribution = make_contribution()
        for _number in range(6):
            add(PDF, contribution=contribution)
        with pytest.raises(Refused) as refused:
            add(PDF, contribution=contribution)
        assert refused.value.verdict.codes == ("too_many_files",)
        assert [a.position for a in contribution.attachments.all()] == list(range(6))

    @pytest.mark.django_db(transaction=True)
    def test_removed_by_its_author_or_a_moderator(self):
        contribution = make_contribution()
        attachment = add(PDF, contribution=contribution)
        storage, name = attachment.file.storage, attachment.file.name
        with pytest.raises(Refused) as refused:
            services.remove_attachment(attachment=attachment, actor=make_user())
        assert refused.value.verdict.codes == ("not_author",)
        assert storage.exists(name)
        services.remove_attachment(attachment=attachment, actor=contribution.author)
        assert not storage.exists(name)
        services.remove_attachment(
            attachment=add(PDF, contribution=contribution), actor=make_moderator()
        )
        assert Attachment.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("site_is_set_up")
class TestServing:
    def get(self, client: Any, attachment: Attachment) -> Any:
        return client.get(reverse("core:attachment", args=[attachment.pk]))

    def test_pictures_show_and_nothing_in_them_runs(self, client):
        response = self.get(client, add(picture()))
        assert response.status_code == 200
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("inline")

    def test_documents_are_only_downloaded(self, client):
        response = self.get(client, add(PDF, title='Plan "<b>\r\nX: y'))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="plan-b-x-y.pdf"'
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"".join(response.streaming_content) == PDF

    @pytest.mark.parametrize("visibility", ["draft", "pending", "rejected", "hidden"])
    def test_other_people_s_unpublished_files_do_not_exist(self, client, visibility):
        contribution = make_contribution(visibility=Visibility(visibility))
        attachment = add(picture(), contribution=contribution)
        assert self.get(client, attachment).status_code == 404
        client.force_login(make_user())
        assert self.get(client, attachment).status_code == 404
        for user in (contribution.author, make_moderator()):
            client.force_login(user)
            response = self.get(client, attachment)
            assert response.status_code == 200
            assert response["Cache-Control"] == "private, no-store"

    def test_no_other_door_leads_to_the_file(self, client, settings):
        attachment = add(PDF)
        for url in (attachment.file.url, f"{settings.MEDIA_URL}{attachment.file.name}"):
            assert client.get(url).status_code == 404
