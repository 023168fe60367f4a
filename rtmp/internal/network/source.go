package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
)

// Source is where connections come from: an address of this machine, or a
// network interface. The zero Source leaves it to the system.
type Source struct {
	name   string
	addrs  []netip.Addr
	device string // the interface; empty for an address
}

// SourceError says why a connection can't come from where it should.
type SourceError struct {
	// Name is the address or interface as it was given.
	Name string
	// Reason completes the sentence.
	Reason string
}

// Error reads like: can't connect from 10.9.9.9 (bind): not an address of this
// machine.
func (e *SourceError) Error() string { return "can't connect from " + e.Name + " (bind): " + e.Reason }

// Unwrap gives the system's error: interfaces come and go, so that trying again
// may help.
func (e *SourceError) Unwrap() error { return syscall.EADDRNOTAVAIL }

// IsSource tells that all of an error is about the source: no connection went
// out.
func IsSource(err error) bool {
	if race := (*RaceError)(nil); errors.As(err, &race) {
		return race.Cause == nil && !slices.ContainsFunc(race.Errs, func(err error) bool { return !IsSource(err) })
	}
	return errors.As(err, new(*SourceError))
}

// FindSource takes a local address, or the name of a network interface, whose
// addresses it looks up. Nothing is the zero Source. The error is a
// *SourceError.
func FindSource(name string) (Source, error) {
	if name == "" {
		return Source{}, nil
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return Source{name: name, addrs: []netip.Addr{addr.Unmap()}}, nil
	}
	device, err := net.InterfaceByName(name)
	if err != nil {
		return Source{}, &SourceError{name, "neither an address nor a network interface of this machine" + interfaceNames()}
	}
	found, err := device.Addrs()
	if err != nil {
		return Source{}, &SourceError{name, err.Error()}
	}
	s := Source{name: name, device: name}
	for _, a := range found {
		prefix, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		if addr, ok := netip.AddrFromSlice(prefix.IP); ok {
			addr = addr.Unmap()
			if addr.Is6() && addr.IsLinkLocalUnicast() {
				addr = addr.WithZone(name)
			}
			s.addrs = append(s.addrs, addr)
		}
	}
	if len(s.addrs) == 0 {
		return Source{}, &SourceError{name, "the interface has no address"}
	}
	return s, nil
}

// interfaceNames lists what there is, for who has mistyped it.
func interfaceNames() string {
	all, err := net.Interfaces()
	if err != nil || len(all) == 0 {
		return ""
	}
	var names []string
	for _, i := range all[:min(len(all), maxTold)] {
		names = append(names, i.Name)
	}
	return " (it has " + strings.Join(names, ", ") + ")"
}

// Reach leaves out the addresses of the families that the source doesn't have.
// The error is a *SourceError.
func (s Source) Reach(addrs []netip.Addr) ([]netip.Addr, error) {
	if len(s.addrs) == 0 {
		return addrs, nil
	}
	var kept []netip.Addr
	for _, addr := range addrs {
		if s.from(addr).IsValid() {
			kept = append(kept, addr)
		}
	}
	if len(kept) == 0 {
		family := map[bool]string{true: "IPv4", false: "IPv6"}[addrs[0].Is4()]
		return nil, &SourceError{s.name, fmt.Sprintf("no %s address, and the server has no other (%v)", family, addrs[0])}
	}
	return kept, nil
}

// from is the address to connect from; invalid when there is none of the
// family. A link-local address serves link-local destinations first.
func (s Source) from(to netip.Addr) (best netip.Addr) {
	for _, addr := range s.addrs {
		if addr.Is4() != to.Is4() {
			continue
		}
		fits := addr.IsLinkLocalUnicast() == to.IsLinkLocalUnicast()
		if fits || !best.IsValid() {
			best = addr
		}
		if fits {
			break
		}
	}
	return best
}

// Connect is a Connect that comes from the source.
func (s Source) Connect(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	var dialer net.Dialer
	if from := s.from(addr.Addr()); from.IsValid() {
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
		dialer.Control = s.control
	}
	conn, err := dialer.DialContext(ctx, "tcp", addr.String())
	var call *os.SyscallError
	if errors.As(err, &call) && call.Syscall == "bind" {
		return nil, &SourceError{s.name, "not an address of this machine"}
	}
	return conn, err
}

// control makes packets leave through the interface, whatever the routes say.
func (s Source) control(_, _ string, raw syscall.RawConn) error {
	if s.device == "" {
		return nil
	}
	return raw.Control(func(fd uintptr) { bindToDevice(fd, s.device) })
}
