resource "aws_cloudfront_origin_access_control" "data" {
  name                              = var.name
  description                       = "CloudFront alone reads the bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# The bucket's policy denies the same prefixes; here they end before anything is asked of the bucket.
resource "aws_cloudfront_function" "published" {
  name    = "${var.name}-published"
  runtime = "cloudfront-js-2.0"
  comment = "Private prefixes are not there; a folder is its index.html"
  publish = true
  code    = file("${path.module}/published.js")
}

resource "aws_cloudfront_cache_policy" "as_stored" {
  name        = "${var.name}-as-stored"
  comment     = "As long as Cache-Control says; compressed is only what CloudFront is told to, which is nothing"
  default_ttl = 300
  min_ttl     = 0
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = false
    enable_accept_encoding_gzip   = false

    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "open" {
  #checkov:skip=CKV_AWS_259:the list that browsers ship binds the whole domain for years, which is its owner's to decide
  name    = "${var.name}-open"
  comment = "Any page may read, in parts too"

  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = local.cors[0].MaxAgeSeconds
    origin_override                  = true

    access_control_allow_headers {
      items = local.cors[0].AllowedHeaders
    }
    access_control_allow_methods {
      items = ["GET", "HEAD", "OPTIONS"]
    }
    access_control_allow_origins {
      items = local.cors[0].AllowedOrigins
    }
    access_control_expose_headers {
      items = local.cors[0].ExposeHeaders
    }
  }

  security_headers_config {
    content_type_options {
      override = true
    }
    content_security_policy {
      content_security_policy = "script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
      override                = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      preload                    = false
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "cross-origin"
      override = true
    }
  }

  remove_headers_config {
    items {
      header = "x-amz-server-side-encryption"
    }
    items {
      header = "x-amz-version-id"
    }
  }
}

resource "aws_cloudfront_distribution" "data" {
  #checkov:skip=CKV_AWS_68:nothing but GET and HEAD of public files, without query: there is nothing for a firewall to look at
  #checkov:skip=CKV2_AWS_47:as CKV_AWS_68, and no Java anywhere
  #checkov:skip=CKV_AWS_86:no log of who read what is kept on purpose; CloudFront counts requests all the same
  #checkov:skip=CKV_AWS_174:with a domain the oldest protocol is TLS 1.2; the certificate that CloudFront lends allows no choice
  #checkov:skip=CKV_AWS_310:the bucket is the one origin, and AWS keeps it in three places
  #checkov:skip=CKV_AWS_374:open data have no borders
  #checkov:skip=CKV2_AWS_42:the domain has its own certificate; without one there is only the one that CloudFront lends
  enabled             = true
  comment             = "${var.name}: what is published"
  aliases             = var.domain == "" ? [] : [var.domain]
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = "PriceClass_200"

  origin {
    origin_id                = "bucket"
    domain_name              = aws_s3_bucket.data.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.data.id
  }

  default_cache_behavior {
    target_origin_id           = "bucket"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    viewer_protocol_policy     = "redirect-to-https"
    cache_policy_id            = aws_cloudfront_cache_policy.as_stored.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.open.id
    compress                   = false # a range counts in the bytes that SHA256SUMS speaks of

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.published.arn
    }
  }

  # The bucket does not say whether a file is not there or not public; for a reader it is not there.
  custom_error_response {
    error_code            = 403
    error_caching_min_ttl = 60
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn            = var.certificate == "" ? null : var.certificate
    cloudfront_default_certificate = var.certificate == ""
    minimum_protocol_version       = var.certificate == "" ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = var.certificate == "" ? null : "sni-only"
  }
}
