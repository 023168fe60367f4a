package network

import (
	"context"
	"net"
	"net/netip"
	"slices"
)

// maxAddresses of a name are tried; names in use have fewer than ten, and the
// rest would not be reached within a connect timeout.
const maxAddresses = 16

// Lookup finds the addresses of a host, the preferred one first (RFC 6724): it
// is net.Resolver's LookupNetIP.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Resolve returns the addresses of a host in the order in which to try them.
// An address, also one with a zone, needs no lookup. nil looks up with the
// system's resolver; nothing is remembered from one call to the next.
func Resolve(ctx context.Context, lookup Lookup, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	found, err := lookup(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "the name has no address", Name: host, IsNotFound: true}
	}
	return interleave(found), nil
}

// interleave sorts addresses so that the families take turns, beginning with
// that of the first address (RFC 8305, section 4, with a First Address Family
// Count of 1). Within a family the resolver's order stays.
func interleave(found []netip.Addr) []netip.Addr {
	var families [2][]netip.Addr
	first := found[0].Unmap().Is4()
	for _, addr := range found {
		addr = addr.Unmap()
		family := &families[0]
		if addr.Is4() != first {
			family = &families[1]
		}
		if !slices.Contains(*family, addr) {
			*family = append(*family, addr)
		}
	}
	var sorted []netip.Addr
	for i := range max(len(families[0]), len(families[1])) {
		for _, family := range families {
			if i < len(family) && len(sorted) < maxAddresses {
				sorted = append(sorted, family[i])
			}
		}
	}
	return sorted
}
