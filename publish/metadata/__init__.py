"""What a release says of itself: metadata for other people's programs, change notes, the workbook, the feed."""
