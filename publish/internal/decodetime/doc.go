// Package decodetime finds the decode times of pictures that come in decode
// order and tell only when they are shown, as DirectShow samples and RTP do.
//
// The method: where at most D pictures are decoded before a picture and shown
// after it (D, the reorder depth, is in the parameter sets), the n-th picture
// in decode order is decoded when the (n-D)-th in display order is shown. That
// one has always come by then, so nothing has to be waited for, and it is the
// (D+1)-th latest presentation time so far. No frame rate enters: at a variable
// rate these are the decode times that encoders and MP4 muxers write too. Such a
// time is never above the picture's own presentation time as long as D is
// right, and never decreases, however the presentation times jitter.
//
// Picture order counts are needed for the rest: to tell reordering from
// jitter, to learn a depth that no parameter set declares, and to fill in
// presentation times that are missing.
package decodetime
