variable "region" {
  description = "Where everything but CloudFront lies."
  type        = string
  default     = "ap-east-1"
}

variable "zones" {
  description = "The letters of two to four zones of the region."
  type        = list(string)
  default     = ["a", "b"]
}

variable "name" {
  description = "What the resources are called."
  type        = string
  default     = "gongbao"
}

variable "bucket" {
  description = "The bucket's name, which no other account may have taken; nothing but Gongbao's data lies in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "3 to 63 of a-z, 0-9 and -, without dots: TLS knows no certificate for those."
  }
}

variable "sources" {
  description = "The sources of schemas/registry/sources.toml that run each night, and when, in Asia/Shanghai."
  type        = map(object({ hour = number, minute = number }))
  default = {
    torch     = { hour = 2, minute = 30 }
    zhongshan = { hour = 2, minute = 40 }
    cuiheng   = { hour = 2, minute = 50 }
  }
}

variable "image_digest" {
  description = "The image in the registry of this module: sha256:..., as `docker push` says."
  type        = string

  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.image_digest))
    error_message = "A digest, not a tag: what runs at night is what was looked at."
  }
}

variable "contact" {
  description = "Whom the operator of a source's site can write to: GONGBAO_CONTACT."
  type        = string
}

variable "site" {
  description = "Where readers find the pages: GONGBAO_SITE_URL, https:// and the domain, or empty."
  type        = string
  default     = ""
}

variable "runbook" {
  description = "Where operators find docs/RUNBOOK.md: GONGBAO_RUNBOOK_URL, or empty."
  type        = string
  default     = ""
}

variable "alarm_email" {
  description = "Who is told when a night fails or does not happen."
  type        = string
}

variable "settings" {
  description = "Further settings of the run, as GONGBAO_JUMP = \"20\": those of ../limits.env.example, and what infra/settings.py lists."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for name in keys(var.settings) : can(regex("^GONGBAO_[A-Z_]+$", name)) &&
      !contains(["GONGBAO_CONTACT", "GONGBAO_RUNBOOK_URL", "GONGBAO_SITE_URL", "GONGBAO_STORE"], name) &&
      !can(regex("(PASSWORD|PASSPHRASE|ALERT_URLS|PING_URL)$", name))
    ])
    error_message = "GONGBAO_ variables alone: those that have a variable of their own go there, and secrets into `secrets`."
  }
}

variable "secrets" {
  description = "Environment variables of the run that come from Secrets Manager: name to ARN, as GONGBAO_MINISIGN_PASSWORD."
  type        = map(string)
  default     = {}
}

variable "domain" {
  description = "The name that the data are found under, or empty for the one that CloudFront gives."
  type        = string
  default     = ""
}

variable "certificate" {
  description = "The ARN of the domain's certificate in us-east-1; needed with `domain`."
  type        = string
  default     = ""
}
