"""Many products at once: the same mutations, done by Shopify's bulk operations, which cost no points of the budget."""

import json
import logging

from odoo import api, models

from .. import shopify_api
from ..shopify_api.bulk import read_piece
from .product_sent import Sent
from .spoken import speak, speaking

_logger = logging.getLogger(__name__)

#: From so many inputs of one mutation on, a bulk operation is cheaper: one by one they cost 1,100 points, eleven seconds of
#: a standard plan, which is about what an operation takes to start and be read back.
BULK_FROM = 100
#: Shopify takes files of 100 MB.
MOST_BYTES = 80_000_000
_PIECE = 250
#: Documents that ask for less in a bulk operation: Shopify answers there with one list of records at most.
_IN_BULK = {"products/ProductSet": "bulk/ProductSetInBulk"}
#: States in which Shopify has not ended an operation.
RUNNING = ("CREATED", "RUNNING", "CANCELING")
#: Seconds until it is tried again when as many operations run as Shopify allows.
WAIT = 30


def _gallery(plan):
    """Whether pictures that are in Shopify change: that needs requests of its own."""
    return plan.alts or plan.replaced or plan.moves or plan.variant_pictures


class ShopifyHandlerProductBulk(models.AbstractModel):
    """Starts bulk mutations and reads their results."""

    _name = "shopify.handler.product.bulk"
    _description = "Shopify Bulk Product Sender"

    @api.model
    def _wait_for_others(self, sents):
        """Where the budget sufficed to read a few products only, they wait for the others: together they cost no points,
        one by one they would take what the others need to be read."""
        stopped = next((sent.error for sent in sents if isinstance(sent.error, shopify_api.Throttled)), None)
        few = [sent for sent in sents if sent.open]
        if stopped and len(few) < BULK_FROM:
            for sent in few:
                sent.error = stopped

    @api.model
    def _start(self, instance, sents):
        """Leave to Shopify what many of these products need. A product of which something is left for later is marked
        incomplete: it is looked at again when the operation has ended.

        Where Shopify refuses bulk operations, as without their permission, everything goes one by one.
        """
        rows = self._rows(sents)
        chosen = {document: inputs for document, inputs in rows.items() if len(inputs) >= BULK_FROM}
        for document, inputs in chosen.items():
            try:
                self._run(instance, document, inputs)
            except shopify_api.AccessDenied:
                return
            except shopify_api.UserErrors as error:
                if not error.heals:
                    _logger.warning("Shopify refuses a bulk operation of store %s: %s", instance.id, error)
                    return
                # Shopify runs five of them at a time: no attempt of these products
                raise shopify_api.Throttled(error.message, retry_after=WAIT) from error
        of_document = {document: {id(one) for one, _row in inputs} for document, inputs in rows.items()}
        for sent in sents:
            if sent.operations:
                mine = {document for document, owners in of_document.items() if id(sent) in owners}
                rest = (
                    sent.job.market or sent.job.delete or (sent.plan and (_gallery(sent.plan) or sent.plan.metafields))
                )
                later = sent.node is None and sent.job.channels
                started = {document for document, _row in sent.operations.values()}
                sent.job.stage["complete"] = not (mine - started or rest or later)

    @api.model
    def _rows(self, sents):
        """{document: [(product, variables)]}, a product once in each."""
        sender = self.env["shopify.handler.product.export"]
        rows = {}

        def add(document, sent, variables):
            rows.setdefault(document, []).append((sent, variables))

        for sent in sents:
            if sent.node is None:
                add("products/ProductSet", sent, {"input": sender._create_input(sent)})
                continue
            plan, gid = sent.plan, sent.node["id"]
            product, media = sender._product_input(sent)
            if product or media:
                add("products/ProductUpdate", sent, {"product": {"id": gid, **product}, "media": media})
            # bigger ones need several requests each: they go one by one
            if plan.variants and len(plan.variants) <= 250:
                add("products/VariantsBulkUpdate", sent, {"productId": gid, "variants": list(plan.variants)})
            if plan.new_inputs and len(plan.new_inputs) <= 250:
                add("products/VariantsBulkCreate", sent, {"productId": gid, "variants": list(plan.new_inputs)})
            for ids, document in ((plan.publish, "PublishProduct"), (plan.unpublish, "UnpublishProduct")):
                if ids:
                    inputs = [{"publicationId": one} for one in ids]
                    add(f"products/{document}", sent, {"id": gid, "input": inputs})
        return rows

    @api.model
    def _run(self, instance, document, inputs):
        """Start one operation; what does not fit into its file is left for the next pass."""
        lines, size, chosen = [], 0, []
        for sent, variables in inputs:
            line = json.dumps(variables, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            if size + len(line) > MOST_BYTES:
                break
            lines.append(line)
            size += len(line)
            chosen.append(sent)
        sender = self.env["shopify.handler.product.export"]
        file = {"filename": "products.jsonl", "mimeType": "text/jsonl", "resource": "BULK_MUTATION_VARIABLES"}
        data = sender._ask(
            instance, "products/StagedUploads", {"input": [{**file, "httpMethod": "POST"}]}, idempotent=True
        )
        target = data["stagedUploadsCreate"]["stagedTargets"][0]
        with speaking(instance.env):
            shopify_api.upload(target, file["filename"], b"".join(lines), file["mimeType"])
        variables = {
            "mutation": shopify_api.load(_IN_BULK.get(document, document)).text,
            "path": shopify_api.key_of(target),
        }
        data = sender._ask(instance, "bulk/BulkOperationRunMutation", variables)
        operation = data["bulkOperationRunMutation"]["bulkOperation"]["id"]
        for row, sent in enumerate(chosen):
            sent.nothing_sent = False
            sent.operations[operation] = (document, row)

    # Following

    @api.model
    def _look(self, instance, operation):
        """How a bulk operation stands.

        :return: (Shopify's status, inputs done, address of the result, error code)
        """
        sender = self.env["shopify.handler.product.export"]
        node = sender._ask(instance, "bulk/BulkOperationState", {"id": operation})["bulkOperation"]
        if not node:
            return "EXPIRED", 0, "", ""
        return node["status"], int(node["objectCount"]), node["url"] or node["partialDataUrl"] or "", node["errorCode"]

    @api.model
    def _results(self, instance, url):
        """The answers of an operation by the number of their input, read in pieces."""
        start, more = 0, bool(url)
        while more:
            with speaking(instance.env):
                piece = read_piece(url, start, _PIECE)
            yield from ((row["__lineNumber"], row) for row in piece.rows)
            start, more = piece.end, piece.more

    @api.model
    def _look_at(self, instance, stages):
        """How the operations of several lines are: {operation: as `_look`}.

        :param stages: the `stage` of each line, see `product_sent.Job`
        """
        return {one: self._look(instance, one) for one in {one for stage in stages for one in stage["operations"]}}

    @api.model
    def _progress(self, stage, states):
        """How many inputs Shopify has done of the operation of a line that is furthest; None when all have ended."""
        mine = [states[one] for one in stage["operations"]]
        return max(state[1] for state in mine) if any(state[0] in RUNNING for state in mine) else None

    @api.model
    def _read_back(self, instance, jobs, states):
        """What became of products that Shopify has worked on.

        :param jobs: [product_sent.Job] whose operations have ended
        :param states: of their operations, as `_look_at`
        :return: [Sent]
        """
        wanted = {}
        for job in jobs:
            for operation, (_document, row) in job.stage["operations"].items():
                wanted.setdefault(operation, {})[row] = job
        sents = {job.line_id: Sent(job, nothing_sent=False) for job in jobs}
        for operation, rows in wanted.items():
            status, _count, url, code = states[operation]
            seen = set()
            for row, answer in self._results(instance, url):
                if row in rows:
                    seen.add(row)
                    sent = sents[rows[row].line_id]
                    self._take_row(instance, sent, rows[row].stage["operations"][operation][0], answer)
            for row in rows.keys() - seen:
                # it may or may not have been done: the next pass reads the product
                sents[rows[row].line_id].error = shopify_api.ServerFault(
                    self.env._("Shopify's bulk operation ended without this product (%s).", code or status),
                    may_have_been_done=True,
                )
        self.env["shopify.handler.product.export"]._read_made_pictures(instance, sents.values())
        return list(sents.values())

    @api.model
    def _unread(self, job, error):
        """A product whose answer cannot be read: it may or may not have been done."""
        fault = shopify_api.ServerFault(error.message, may_have_been_done=True)
        return Sent(job, error=fault, nothing_sent=False)

    @api.model
    def _take_row(self, instance, sent, document, answer):
        """One answer of an operation, judged like that of a request of its own."""
        payload = next(iter((answer.get("data") or {}).values()), None) or {}
        problems = shopify_api.answer.user_problems(answer.get("data"))
        if answer.get("errors"):
            texts = [str(one.get("message") or one) for one in answer["errors"]]
            sent.error = shopify_api.QueryRefused("; ".join(texts), may_have_been_done=False)
        elif document == "products/ProductUpdate" and any("handle" in problem.field for problem in problems):
            sent.problem = "handle_taken"
        elif problems:
            error = shopify_api.answer.user_errors(problems, answer.get("data") or {})
            sent.error = speak(instance.env, error)
        elif document == "products/ProductSet":
            sent.sources = dict.fromkeys(sent.job.stage.get("pictures", ()), "")
            self.env["shopify.handler.product.export"]._note_created(instance, sent, payload["product"])
        elif document == "products/ProductUpdate":
            sent.sources = dict.fromkeys(sent.job.stage.get("pictures", ()), "")
            ids = [one["id"] for one in payload["product"]["media"]["nodes"]]
            self.env["shopify.handler.product.export"]._note_media(sent, ids)
        elif document == "products/VariantsBulkCreate":
            sent.new_variants += payload["productVariants"]
        elif document in ("products/PublishProduct", "products/UnpublishProduct"):
            sent.published = True
