"""What several format packages use: decoding, JSON, XML, mail, TeX and markup."""
