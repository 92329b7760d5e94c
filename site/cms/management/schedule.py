"""What the worker does by itself with the site's settings, day after day."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from wagtail.models import Site

from cms.models import SiteSettings
from participation.core.account import detaching

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="20 4 * * *")
@app.task(name="cms.detach_authors", queue="default", retry=_RETRY)
def detach_authors_daily(timestamp: int) -> None:
    """Detach authors' names from the processes that ended as long ago as the site says."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        years = SiteSettings.for_site(site).retention_years
        detaching.detach_authors(years=years, at=timezone.now())
