// The proof page of a vote: check the published files in this browser.
import "../budgets/proof/page.js";
