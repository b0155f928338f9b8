# Gongbao on AWS: a bucket that is written once, CloudFront before it, a Fargate task a night for each source.
# README.md of the folder above says in which order it is brought up.

terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # Where the state lies is said at `terraform init -backend-config=...`: it holds no secret, but names everything.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.name }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  here      = "arn:${local.partition}"

  # The same files that set up the bucket of compose.yaml.
  lifecycle = jsondecode(file("${path.module}/../s3/lifecycle.json")).Rules
  cors      = jsondecode(file("${path.module}/../s3/cors.json")).CORSRules
}
