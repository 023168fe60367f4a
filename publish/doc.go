// Package publish is the engine: encoded access units go in at Write, and come
// out at an RTMP server, interleaved, timed and announced as servers expect.
//
// A Publisher is made by New, told its tracks by SetTracks, and driven by Run,
// which blocks until streaming ends. Write queues packets, from one goroutine a
// track; whether it blocks while the queue is full is an option (live mode).
// Shutdown sends what is queued and closes politely.
//
//	p, err := publish.New(options)
//	err = p.SetTracks(tracks...)
//	go func() { done <- p.Run(ctx) }()
//	err = p.Write(ctx, packet)
//	err = p.Shutdown(ctx)
//
// No text that this package makes (errors, logs, status) holds a stream key or
// a password.
package publish
