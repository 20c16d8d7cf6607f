"""What every door over HTTP has in common, the chat's and the console's: `channels` and `console`
stand beside each other on this floor.

`http` reads bodies with a limit and says refusals, `guard` holds other sites off and adds the
security headers, `assets` serves the files of a page, `static` holds what all pages share.
"""
