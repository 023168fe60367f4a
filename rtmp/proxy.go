package rtmp

import "net/url"

// Proxy is the URL of a proxy: socks5, http or https, with credentials where it
// wants them. It is shown without them. Make one with ParseProxy.
type Proxy struct {
	url *url.URL
}
