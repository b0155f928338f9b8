# A network with a way out and none in: the task fetches public pages and writes to S3.

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:one task for minutes a night; what it fetched is on record page by page in the archive
  cidr_block           = "10.42.0.0/24"
  enable_dns_hostnames = true
  enable_dns_support   = true
}

resource "aws_default_security_group" "none" {
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "out" {
  count = length(var.zones)

  vpc_id                  = aws_vpc.this.id
  cidr_block              = cidrsubnet(aws_vpc.this.cidr_block, 2, count.index)
  availability_zone       = "${var.region}${var.zones[count.index]}"
  map_public_ip_on_launch = false
}

resource "aws_route_table" "out" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.out.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "out" {
  count = length(var.zones)

  subnet_id      = aws_subnet.out[count.index].id
  route_table_id = aws_route_table.out.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.${var.region}.s3"
  route_table_ids = [aws_route_table.out.id]
}

resource "aws_security_group" "task" {
  #checkov:skip=CKV2_AWS_5:the schedules name it; the check sees only what is attached in the same file
  name        = "${var.name}-task"
  description = "Out to the web, nothing in"
  vpc_id      = aws_vpc.this.id
}

# Several of the sources still speak plain HTTP.
resource "aws_vpc_security_group_egress_rule" "web" {
  for_each = toset(["80", "443"])

  security_group_id = aws_security_group.task.id
  description       = "The pages of sources, and AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}
