output "store" {
  description = "GONGBAO_STORE of the runs, and for `gongbao verify`."
  value       = "s3://${aws_s3_bucket.data.id}"
}

output "address" {
  description = "Where the data are found."
  value       = "https://${var.domain == "" ? aws_cloudfront_distribution.data.domain_name : var.domain}/"
}

output "cloudfront" {
  description = "What the domain's CNAME or alias leads to."
  value       = aws_cloudfront_distribution.data.domain_name
}

output "registry" {
  description = "Where the image is pushed to."
  value       = aws_ecr_repository.this.repository_url
}

output "writer" {
  description = "The role of the runs."
  value       = aws_iam_role.writer.arn
}
