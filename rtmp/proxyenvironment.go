package rtmp

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// proxyEnvironment are the proxies that the environment names.
type proxyEnvironment struct {
	all, http, https *Proxy
	except           []proxyException
}

// EnvironmentProxy chooses for each server among the proxies that the
// environment names now: HTTPS_PROXY for rtmps and rtmpts, HTTP_PROXY for
// rtmpt, ALL_PROXY for rtmp and where the others are missing, each also in small
// letters; a value without a scheme is an http proxy. Servers in NO_PROXY are
// connected to directly, and so is this machine (localhost and loopback
// addresses). NO_PROXY is a list divided by commas of names, which stand for
// those below them too, addresses, networks (10.0.0.0/8), each with a port if
// wanted, or "*" for all. The error names the variable and does not show it.
func EnvironmentProxy() (*Proxy, error) {
	e := &proxyEnvironment{except: exceptions(os.Getenv(variable("NO_PROXY")))}
	for name, proxy := range map[string]**Proxy{"ALL_PROXY": &e.all, "HTTP_PROXY": &e.http, "HTTPS_PROXY": &e.https} {
		name = variable(name)
		text := strings.TrimSpace(os.Getenv(name))
		if text == "" {
			continue
		}
		if !strings.Contains(text, "://") {
			text = "http://" + text
		}
		p, err := ParseProxy(text)
		if err != nil {
			return nil, fmt.Errorf("%w (environment variable %s)", err, name)
		}
		p.variable = name
		*proxy = p
	}
	return &Proxy{environment: e}, nil
}

// variable is the name in capitals, or in small letters where that one is not
// set.
func variable(name string) string {
	if os.Getenv(name) != "" {
		return name
	}
	return strings.ToLower(name)
}

// variableError says of a proxy's failure which variable named the proxy: who
// has not asked for one may wonder.
type variableError struct {
	name string
	err  error
}

func (e *variableError) Error() string {
	return causeText(e.err) + " (the proxy is that of the environment variable " + e.name + ")"
}

func (e *variableError) Unwrap() error { return e.err }

// For is the proxy to take to a server: p itself, or what the environment says
// of that URL. nil: none.
func (p *Proxy) For(u *URL) *Proxy {
	if p == nil || p.environment == nil {
		return p
	}
	e := p.environment
	if e.direct(u.Host, u.Port) {
		return nil
	}
	chosen := map[string]*Proxy{"rtmps": e.https, "rtmpts": e.https, "rtmpt": e.http}[u.Scheme]
	if chosen == nil {
		chosen = e.all
	}
	return chosen
}

func (e *proxyEnvironment) direct(host string, port int) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	addr, err := netip.ParseAddr(host)
	if host == "localhost" || err == nil && addr.Unmap().IsLoopback() {
		return true
	}
	for _, x := range e.except {
		if x.matches(host, addr.Unmap(), port) {
			return true
		}
	}
	return false
}

// proxyException is one entry of NO_PROXY.
type proxyException struct {
	all     bool
	network netip.Prefix
	name    string
	below   bool // names below this one only: it began with a dot
	port    int  // 0: any
}

func (x proxyException) matches(host string, addr netip.Addr, port int) bool {
	switch {
	case x.all:
		return true
	case x.port != 0 && x.port != port:
		return false
	case x.network.IsValid():
		return addr.IsValid() && x.network.Contains(addr.WithZone(""))
	case host == x.name:
		return !x.below
	}
	return strings.HasSuffix(host, "."+x.name)
}

// exceptions reads NO_PROXY. What can't be understood is a name that no host
// has.
func exceptions(list string) (found []proxyException) {
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.ToLower(strings.TrimSpace(entry))
		switch {
		case entry == "":
			continue
		case entry == "*":
			found = append(found, proxyException{all: true})
			continue
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			found = append(found, proxyException{network: network.Masked()})
			continue
		}
		var x proxyException
		if host, port, err := net.SplitHostPort(entry); err == nil {
			if n, err := strconv.ParseUint(port, 10, 16); err == nil {
				entry, x.port = host, int(n)
			}
		}
		entry = strings.Trim(entry, "[]")
		if addr, err := netip.ParseAddr(entry); err == nil {
			addr = addr.Unmap().WithZone("")
			x.network = netip.PrefixFrom(addr, addr.BitLen())
		} else {
			entry = strings.TrimPrefix(entry, "*")
			x.name, x.below = strings.CutPrefix(entry, ".")
			x.name = strings.TrimSuffix(x.name, ".")
		}
		found = append(found, x)
	}
	return found
}
