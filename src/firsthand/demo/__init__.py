"""The sample company: a retailer over two years, and the truth that was planted in it.

Only export files are written here, in the formats that anybody's exports have; they come into a home through the
same import as any others.
"""

from firsthand.demo.build import build
from firsthand.demo.company import AS_OF, NAME, TIMEZONE, Company, make_company
from firsthand.demo.exports import write_exports

__all__ = ["AS_OF", "NAME", "TIMEZONE", "Company", "build", "make_company", "write_exports"]
