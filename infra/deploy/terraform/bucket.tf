resource "aws_s3_bucket" "data" {
  #checkov:skip=CKV_AWS_18:who reads is counted by CloudFront, who writes is told by versions and by the record of each run
  #checkov:skip=CKV_AWS_144:what is published is public and meant to be copied by others; README.md names the backup
  #checkov:skip=CKV_AWS_145:what is published is public, and a key of one's own is one more thing that can be lost with it
  #checkov:skip=CKV2_AWS_62:nothing waits for an object; consumers follow latest.json and atom.xml
  bucket = var.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = templatefile("${path.module}/../s3/policy-aws.json", {
    partition    = local.partition
    bucket       = aws_s3_bucket.data.id
    distribution = aws_cloudfront_distribution.data.arn
  })

  depends_on = [aws_s3_bucket_public_access_block.data]
}

resource "aws_s3_bucket_cors_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  dynamic "cors_rule" {
    for_each = local.cors

    content {
      id              = cors_rule.value.ID
      allowed_origins = cors_rule.value.AllowedOrigins
      allowed_methods = cors_rule.value.AllowedMethods
      allowed_headers = cors_rule.value.AllowedHeaders
      expose_headers  = cors_rule.value.ExposeHeaders
      max_age_seconds = cors_rule.value.MaxAgeSeconds
    }
  }
}

# The days are those of s3/lifecycle.json; a rule knows prefixes only, so that each dataset has its own.
resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  dynamic "rule" {
    for_each = var.sources

    content {
      id     = "a-held-release-goes-${rule.key}"
      status = "Enabled"

      filter {
        prefix = "${rule.key}/candidate/"
      }

      expiration {
        days = one([for found in local.lifecycle : found.Expiration.Days if can(found.Expiration)])
      }
    }
  }

  rule {
    id     = "what-was-swapped-out-or-never-ended"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = one([
        for found in local.lifecycle : found.AbortIncompleteMultipartUpload.DaysAfterInitiation
        if can(found.AbortIncompleteMultipartUpload)
      ])
    }

    noncurrent_version_expiration {
      noncurrent_days = one([
        for found in local.lifecycle : found.NoncurrentVersionExpiration.NoncurrentDays
        if can(found.NoncurrentVersionExpiration)
      ])
    }
  }

  depends_on = [aws_s3_bucket_versioning.data]
}
