package rtmp

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Proxy is a proxy that leads to the server: socks5, http (CONNECT) or https
// (CONNECT over TLS), with credentials where it wants them; or those of the
// environment. Names of servers are resolved by the proxy. Make one with
// ParseProxy or EnvironmentProxy; it does not change after that and may be used
// by several goroutines. It is shown without its password.
type Proxy struct {
	scheme   string // socks5, http or https; empty: what environment says
	host     string
	port     int
	username string
	password secret
	variable string // of the environment that it comes from; empty: none
	// environment chooses by the server's URL.
	environment *proxyEnvironment
}

// proxyPorts has the known schemes. socks5h is another name for socks5: the
// proxy resolves names here in any case.
var proxyPorts = map[string]int{"socks5": 1080, "http": 80, "https": 443}

// ParseProxy reads socks5://, http:// or https://[user:password@]host[:port];
// what divides a URL is percent-encoded in user and password. The error never
// shows what was given.
func ParseProxy(s string) (*Proxy, error) {
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL {
		return nil, errors.New("bad proxy: not a URL; write socks5://host:port, http://host:port or https://host:port, with user:password@ before the host where needed")
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme == "socks5h" {
		scheme = "socks5"
	}
	port, known := proxyPorts[scheme]
	switch {
	case !known || u.Opaque != "":
		return nil, errors.New("bad proxy: it must begin with socks5://, http:// or https://")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("bad proxy: something follows its host and port")
	}
	host := u.Hostname()
	if host == "" || len(host) > maxHost {
		return nil, errors.New("bad proxy: its host is missing or too long")
	}
	if strings.ContainsFunc(host, notInHost) && !isIPv6(host) {
		return nil, errors.New("bad proxy: its host may have letters, digits, dots and hyphens (international names as xn--…)")
	}
	if text := u.Port(); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return nil, errors.New("bad proxy: its port must be a number from 1 to 65535")
		}
		port = int(n)
	}
	password, _ := u.User.Password()
	return &Proxy{scheme: scheme, host: host, port: port, username: u.User.Username(), password: newSecret(password)}, nil
}

// isIPv6 tells an address, with the zone that it may have: an interface's name, of
// which netip takes any text.
func isIPv6(host string) bool {
	address, zone, zoned := strings.Cut(host, "%")
	a, err := netip.ParseAddr(address)
	return err == nil && a.Is6() && !strings.ContainsFunc(zone, notInHost) && zoned == (zone != "")
}

// Addr is the proxy's host and port, IPv6 in brackets; empty for that of the
// environment.
func (p Proxy) Addr() string {
	if p.environment != nil {
		return ""
	}
	return net.JoinHostPort(p.host, strconv.Itoa(p.port))
}

// String returns the proxy's URL with the password masked.
func (p Proxy) String() string {
	if p.environment != nil {
		return "environment"
	}
	return p.scheme + "://" + shownLogin(p.username, p.password.reveal()) + p.Addr()
}

// Format writes the masked URL whatever the verb, %#v included.
func (p Proxy) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.String())) }

// LogValue gives loggers the masked URL.
func (p Proxy) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText returns the masked URL; it serves JSON and YAML too.
func (p Proxy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
