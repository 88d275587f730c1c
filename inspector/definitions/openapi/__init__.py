"""OpenAPI 3.0, 3.1 and Swagger 2.0 with `x-amazon-apigateway-*`, as Amazon's importer reads them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations
