"""Stand-in for the WeChat Official Account platform, after developers.weixin.qq.com/doc (service and
subscription).

Nothing here is taken from a client library, so that a client's mistakes are not repeated.
"""
