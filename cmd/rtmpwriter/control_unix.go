//go:build unix

package main

import (
	"net"
	"os"
	"syscall"
)

// listenPrivate makes a socket that only this user can open, from its first
// moment on. It is called before other goroutines make files: the mask is the
// whole process's.
func listenPrivate(path string) (net.Listener, error) {
	old := syscall.Umask(0o177)
	defer syscall.Umask(old)
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}
