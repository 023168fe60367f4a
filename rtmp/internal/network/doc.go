// Package network opens TCP connections for a session: it resolves names, tries
// several addresses in the manner of RFC 8305, connects from a chosen address or
// network interface, and asks SOCKS5 and HTTP proxies to go on from there. It
// knows nothing of RTMP.
package network
