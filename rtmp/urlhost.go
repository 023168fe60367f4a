package rtmp

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// parseAuthority reads user:password@host:port. atLater says that an @ follows
// behind the slash: then what looks like a port may be a piece of a password.
func (u *URL) parseAuthority(s string, atLater bool) error {
	host := s
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		if err := u.parseCredentials(s[:at]); err != nil {
			return err
		}
		host = s[at+1:]
	}
	host, port, hasPort, err := splitPort(host)
	if err != nil {
		return err
	}
	if err := u.parseHost(host); err != nil {
		return err
	}
	if !hasPort {
		return nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		reason := "must be a number from 1 to 65535"
		if atLater {
			port, reason = "", reason+" (a slash in the password is written %2F)"
		}
		return &URLError{partPort, show(port, "0123456789"), reason}
	}
	u.Port, u.ported = int(n), true
	return nil
}

// splitPort divides at the colon behind the host, not at those of IPv6.
func splitPort(s string) (host, port string, hasPort bool, err error) {
	if strings.HasPrefix(s, "[") {
		host, rest, ok := strings.Cut(s, "]")
		if !ok {
			return "", "", false, &URLError{partHost, "", "has no closing bracket"}
		}
		if port, hasPort = strings.CutPrefix(rest, ":"); !hasPort && rest != "" {
			return "", "", false, &URLError{partHost, "", "is followed by something other than a port"}
		}
		return host + "]", port, hasPort, nil
	}
	if strings.Count(s, ":") > 1 {
		return "", "", false, &URLError{partHost, "", "has several colons; write an IPv6 address in brackets: [::1]"}
	}
	host, port, hasPort = strings.Cut(s, ":")
	return host, port, hasPort, nil
}

func (u *URL) parseHost(host string) error {
	if err := checkPart(partHost, host); err != nil {
		return err
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		return u.parseIPv6(strings.TrimSuffix(inner, "]"))
	}
	if len(host) > maxHost || strings.ContainsFunc(host, notInHost) || strings.Trim(host, ".-") == "" {
		return &URLError{partHost, "", "may have letters, digits, dots and hyphens (international names as xn--…)"}
	}
	u.Host = host
	return nil
}

// parseIPv6 reads an address with the zone that it may have. The % before the
// zone is written %25 (RFC 6874, section 2); the bare one is understood too.
func (u *URL) parseIPv6(s string) error {
	address, zone, zoned := strings.Cut(s, "%")
	if a, err := netip.ParseAddr(address); err != nil || !a.Is6() {
		return &URLError{partHost, "", "has something other than an IPv6 address in brackets"}
	}
	u.Host = address
	if !zoned {
		return nil
	}
	zone = strings.TrimPrefix(zone, "25")
	if zone == "" || strings.ContainsFunc(zone, notInHost) {
		return &URLError{partHost, "", "has a zone (behind the % of an IPv6 address) that is no interface's name: letters, digits, dots, hyphens and underscores"}
	}
	u.Host += "%" + zone
	return nil
}

// parseCredentials reads user:password, percent-encoded where they hold
// characters that divide a URL.
func (u *URL) parseCredentials(s string) error {
	user, password, _ := strings.Cut(s, ":")
	var err error
	if u.Username, err = url.PathUnescape(user); err != nil {
		return &URLError{partUser, "", "has a bad percent escape; write % as %25"}
	}
	if password, err = url.PathUnescape(password); err != nil {
		return &URLError{partPassword, mask, "has a bad percent escape; write % as %25"}
	}
	u.password = newSecret(password)
	if err := checkPart(partUser, u.Username); err != nil {
		return err
	}
	if password == "" {
		return nil
	}
	return checkPart(partPassword, password)
}
