//go:build !unix

package main

import "net"

// listenPrivate makes a socket. Who may open it the folder's access rules say.
func listenPrivate(path string) (net.Listener, error) { return net.Listen("unix", path) }
