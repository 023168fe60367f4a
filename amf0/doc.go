// Package amf0 encodes and decodes Action Message Format 0, the value format of
// RTMP commands and data messages.
//
// Objects keep the order of their properties, and duplicates: servers compare
// connect objects with what known publishers send, and a decoded message can be
// written again as it was. References and AMF3 values are refused.
//
// Decoding is safe on foreign bytes: depth, count and length are limited, and a
// declared length or count reserves no memory.
package amf0
